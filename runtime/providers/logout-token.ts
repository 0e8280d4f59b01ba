import { errors, type JWTPayload, jwtVerify } from 'jose'

import { SIGNING_ALGORITHMS, SKEW_SECONDS } from '../keys/index.ts'
import { Refusal } from '../refusal.ts'
import { isId } from './claims.ts'
import { classify } from './classify.ts'
import type { LogoutNotice, Provider } from './contract.ts'
import type { IssuerRule } from './issuer.ts'
import type { KeySource } from './keys.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** A token with several claims of 255 characters is a quarter of it. */
const MAX_TOKEN_LENGTH = 16 * 1024
const LOGOUT_TYPES = new Set(['logout+jwt', 'jwt'])

/**
 * How old a token may be. `exp` is required by the final specification, but providers that were built to its drafts leave it
 * out; `iat` is required by all, and bounds a token's life by itself (Back-Channel Logout 1.0 §2.4, §2.6).
 */
const MAX_AGE_SECONDS = 300

/**
 * Reads what a provider sends to say that sessions have ended.
 * @param clientIds all that we are registered as
 * @see OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6; RFC 8725 §3.1, §3.11
 */
export function createLogoutTokenCheck(
  id: string,
  rule: IssuerRule,
  keys: KeySource,
  clientIds: readonly string[],
): Provider['verifyLogoutToken'] {
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw refuse(id, 'it is too long')
    const { payload, protectedHeader } = await jwtVerify(token, (header, input) => keys.find(header, input), {
      algorithms: [...SIGNING_ALGORITHMS],
      issuer: [...rule.issuers],
      audience: [...clientIds],
      clockTolerance: SKEW_SECONDS,
      maxTokenAge: MAX_AGE_SECONDS,
      requiredClaims: ['iss', 'aud', 'iat', 'jti', 'events'],
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? refuse(id, error.code, error) : classify(id, error)
    })
    requireType(id, protectedHeader.typ)
    try {
      rule.check(payload, protectedHeader.kid, keys.held())
    } catch (error) {
      throw refuse(id, 'it is of another tenant', error)
    }
    return readNotice(id, payload)
  }
}

/**
 * Explicit typing is recommended, not required, and some providers say no more than that it is a JWT; what names another type
 * is another kind of token (RFC 8725 §3.11).
 */
function requireType(id: string, typ: string | undefined): void {
  const type = typ?.toLowerCase().replace(/^application\//, '')
  if (type !== undefined && !LOGOUT_TYPES.has(type)) throw refuse(id, 'its type is another (typ)')
}

function readNotice(id: string, payload: JWTPayload): LogoutNotice {
  const { iss = '', iat = 0, jti, sub, sid, events } = payload
  // An ID token has a nonce: neither must ever pass for the other.
  if (Object.hasOwn(payload, 'nonce')) throw refuse(id, 'it has a nonce')
  if (!isLogoutEvent(events)) throw refuse(id, 'it tells of no logout (events)')
  if (!isId(jti)) throw refuse(id, 'its jti cannot be remembered')
  for (const name of [sub, sid]) if (name !== undefined && !isId(name)) throw refuse(id, 'its sub or sid is no text')
  const notice = { issuer: iss, jti, expiresAt: (iat + MAX_AGE_SECONDS + 2 * SKEW_SECONDS) * 1_000 }
  // With both, one session is meant; without a sid, all of the person's (§2.4).
  if (isId(sid)) return { ...notice, who: isId(sub) ? { sid, subject: sub } : { sid } }
  if (isId(sub)) return { ...notice, who: { subject: sub } }
  throw refuse(id, 'it says neither who nor which session')
}

function isLogoutEvent(events: unknown): boolean {
  if (typeof events !== 'object' || events === null || !Object.hasOwn(events, EVENT)) return false
  const event: unknown = (events as Record<string, unknown>)[EVENT]
  return typeof event === 'object' && event !== null && !Array.isArray(event)
}

/** @param what never a value of the token: anybody can send one */
function refuse(id: string, what: string, cause?: unknown): Refusal {
  return new Refusal('logout_token_invalid', `a logout token for ${id} is refused: ${what}`, { cause })
}
