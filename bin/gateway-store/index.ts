/** The embedded store of a gateway on this machine: where it is, how it is backed up and put back. */
export { asFailures } from './failures.ts'
export { findStore, type Roots, type StorePlace } from './place.ts'
export { type Restored, restoreStore } from './restore.ts'
export { describeStore } from './words.ts'
