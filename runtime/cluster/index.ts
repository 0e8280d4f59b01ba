export { type CoreContext, runOnCores } from './run-on-cores.ts'
export { runWorker } from './worker.ts'
