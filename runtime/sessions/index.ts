export {
  BINDING_COOKIE_PREFIX,
  isOwnCookie,
  POSTED_TRANSACTION_COOKIE_PREFIX,
  readOwnCookies,
  SESSION_COOKIE,
  setCookie,
  TRANSACTION_COOKIE_PREFIX,
} from './cookies.ts'
export { meetsSignIn } from './meets-sign-in.ts'
export { digest, newOpaqueValue } from './opaque.ts'
export { createSessions, type NewSession, type Sessions, type SessionsDeps } from './sessions.ts'
