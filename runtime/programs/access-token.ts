import { decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey, type JWTVerifyResult } from 'jose'

import { SIGNING_ALGORITHMS, SKEW_SECONDS } from '../keys/index.ts'
import { Refusal } from '../refusal.ts'

/** Said of ID tokens (OpenID Connect Core §2, §3.3.2.11) and of security events (RFC 8417 §2.2), never of access tokens. */
const FOREIGN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']

/** What a token must say besides being signed by its issuer. */
export interface Expected {
  issuer: string
  audience: string
}

/** An access token that passed every check. */
export type AccessToken = JWTPayload & { sub: string; exp: number }

/** @returns what an unchecked token says about its issuer, to know whom to ask; nothing when it is no JWT */
export function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/**
 * Checks a JWT access token (RFC 9068 §4, RFC 8725). Most issuers do not set the type `at+jwt` that RFC 9068 §4 asks for;
 * without it the claims must show that it is no token of another kind (RFC 8725 §3.12).
 * @throws Refusal `token_invalid`, and what `keys` throws
 */
export async function verifyAccessToken(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience }: Expected,
): Promise<AccessToken> {
  const { payload, protectedHeader } = await verify(token, keys, {
    issuer,
    audience,
    algorithms: [...SIGNING_ALGORITHMS],
    clockTolerance: SKEW_SECONDS,
  })
  const { sub, exp, iat } = payload
  if (typeof sub !== 'string' || sub === '') throw invalid('it has no subject')
  if (exp === undefined || !Number.isSafeInteger(Math.floor(exp))) throw invalid('its expiry is no time')
  if (iat !== undefined && iat > Date.now() / 1000 + SKEW_SECONDS) throw invalid('it is issued in the future')
  // Who has it without the key that it is bound to has stolen it (RFC 7800 §3, RFC 9449 §7.2, RFC 8705 §3).
  if (payload['cnf'] !== undefined) throw invalid('it is bound to a key, and is no bearer token')
  requireAccessToken(protectedHeader.typ, payload)
  return { ...payload, sub, exp }
}

async function verify(
  token: string,
  keys: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keys, options)
  } catch (error) {
    // jose's messages name claims, never their values.
    if (error instanceof errors.JOSEError) throw invalid(error.message, error)
    throw error
  }
}

function requireAccessToken(headerType: string | undefined, payload: JWTPayload): void {
  const type = headerType?.toLowerCase().replace(/^application\//, '')
  if (type === 'at+jwt') return
  if (type !== undefined && type !== 'jwt') throw invalid('its type is not that of an access token')
  const foreign = FOREIGN_CLAIMS.find((name) => payload[name] !== undefined)
  if (foreign !== undefined) throw invalid(`it has ${foreign}, which no access token has`)
  // Keycloak says in the claims what others say in the header: Bearer, ID, Refresh, Offline, Logout.
  if (payload['typ'] !== undefined && payload['typ'] !== 'Bearer') throw invalid('its typ claim is not Bearer')
}

function invalid(reason: string, cause?: unknown): Refusal {
  return new Refusal('token_invalid', `a bearer token was refused: ${reason}`, { cause })
}
