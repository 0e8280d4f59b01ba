export { oneLine } from './one-line.ts'
export { createLog, openOutput, type Program, type ProgramContext, runProgram } from './program.ts'
export { answerReadiness, type Readiness } from './readiness.ts'
