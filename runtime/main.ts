import { runProgram } from './program/index.ts'
import { startGateway } from './server/index.ts'

await runProgram('gateway', startGateway)
