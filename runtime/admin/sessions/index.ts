export { endSession } from './end.ts'
export { showSessions } from './show.ts'
export { isLive, sessionsTable } from './table.ts'
