/** What is measured: a file each. */
export { measureColdStart } from './cold-start.ts'
export { compareAtOneRate, compareDownloads, compareSmallAnswers, compareUploads } from './proxying.ts'
export { compareRoutes } from './routes.ts'
export type { Rounds } from './sample.ts'
export { compareSessions } from './sessions.ts'
export { measureStreams } from './streams.ts'
export { measureWebSockets } from './websockets.ts'
