/** Where a stack lives and how a command gets at it. */
export { destroyLocalStack } from './destroy.ts'
export { withEngine, type EngineStreams } from './engine.ts'
export { renderEnvironment } from './environment.ts'
export { findLeftovers, stopLeftover, type Leftover } from './leftovers.ts'
export { localEnvironment, localPlaces, localStack, projectRoot, type LocalPlaces } from './local.ts'
export { prepareLocalStack, selectStack, useCli, useLocalBackend } from './open.ts'
export { describeOutcome, type ResourceChanges, type StackOutput } from './outcome.ts'
export { releaseStackFile, type StackFileEnd } from './stack-file.ts'
