export {
  BINDING_COOKIE_PREFIX,
  isOwnCookie,
  readOwnCookies,
  SESSION_COOKIE,
  setCookie,
  TRANSACTION_COOKIE_PREFIX,
} from './cookies.ts'
export { digest, newOpaqueValue } from './opaque.ts'
export { createSessions, type NewSession, type ProviderTokens, type Sessions } from './sessions.ts'
