export { requireUsable } from './folder.ts'
export { startAgain } from './launch.ts'
export { requireFree } from './listeners.ts'
export { redact } from './output-log.ts'
export { findRunning } from './pid-file.ts'
export { processType } from './process.ts'
export { askReadiness, waitForRelease, type WaitOutcome } from './readiness.ts'
export {
  currentGeneration,
  generationOf,
  planRelease,
  pointCurrent,
  readCurrent,
  removeOtherReleases,
  writeRelease,
} from './release.ts'
export type { ProcessInputs, ProcessState } from './schema.ts'
