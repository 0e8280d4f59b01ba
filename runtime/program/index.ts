export { oneLine } from './one-line.ts'
export { type Program, type ProgramContext, runProgram } from './program.ts'
export { answerReadiness, type Readiness } from './readiness.ts'
