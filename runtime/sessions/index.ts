export {
  BINDING_COOKIE_PREFIX,
  isOwnCookie,
  POSTED_TRANSACTION_COOKIE_PREFIX,
  readOwnCookies,
  readSessionCookie,
  SESSION_COOKIE,
  setCookie,
  TRANSACTION_COOKIE_PREFIX,
} from './cookies.ts'
export type { SessionDemands } from './finder.ts'
export { meetsSignIn } from './meets-sign-in.ts'
export { digest, newOpaqueValue } from './opaque.ts'
export { READ_FROM_ACCOUNT } from './own-accounts.ts'
export { usableUntil } from './usable-until.ts'
export { createSessions, type NewSession, type Sessions, type SessionsDeps } from './sessions.ts'
