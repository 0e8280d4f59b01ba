export { loopbackAddress, type LoopbackAddress } from './address.ts'
export { runLocalProgram } from './program.ts'
