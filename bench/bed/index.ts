/** What every measurement stands on. */
export { type Bed, makeBed } from './bed.ts'
export { runAsRoot } from './nginx.ts'
export { seedSessions } from './sessions.ts'
export { PATHS, STREAM_BYTES, type Upstream } from './upstream.ts'
export { startWebSocketUpstream } from './websocket-upstream.ts'
