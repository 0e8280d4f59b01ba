/** What every command in bin/ stands on: how it is called, how it speaks and ends, how it runs other programs. */
export { parseStackArguments, type StackArguments, withUsage } from './arguments.ts'
export { attach } from './attach.ts'
export { execute, type Execution, type ExecuteOptions } from './execute.ts'
export { Failure, type FailureCode } from './failure.ts'
export { findProgram } from './programs.ts'
export { progress, runCommand } from './run.ts'
export { withSignals } from './signals.ts'
export { systemErrorCode } from './system-error.ts'
