import { createHash } from 'node:crypto'

import { decodeProtectedHeader } from 'jose'
import type { IDToken } from 'openid-client'

import type { IdentityProviderConfig } from '../config.ts'
import { SKEW_SECONDS } from '../keys/index.ts'
import type { Authentication } from '../store/index.ts'
import { claimAt } from './attributes.ts'
import { FailedCheck } from './classify.ts'
import type { SignInChecks } from './contract.ts'

/** OpenID Connect Core §2 for `sub`; the same for a `sid`. */
const MAX_ID_LENGTH = 255
const MAX_METHODS = 32

/** The digest of `at_hash` is that of the ID token's signature (OpenID Connect Core §3.1.3.6). */
const HASHES: Record<string, 'sha256' | 'sha384' | 'sha512'> = {
  RS256: 'sha256',
  PS256: 'sha256',
  ES256: 'sha256',
  RS384: 'sha384',
  PS384: 'sha384',
  ES384: 'sha384',
  RS512: 'sha512',
  PS512: 'sha512',
  ES512: 'sha512',
  EdDSA: 'sha512',
  Ed25519: 'sha512',
}

/**
 * What openid-client leaves to its caller, after all that it has checked: a usable `sub`, `azp` also beside a single
 * audience, `iat` in the future, and `at_hash` where there is one.
 * @param token the ID token, its signature checked
 * @param now milliseconds since 1970
 * @throws FailedCheck `provider_answer_invalid`, `clock_skew`
 * @see OpenID Connect Core §3.1.3.7, §3.1.3.8
 */
export function checkIdToken(
  token: { claims: IDToken; jwt: string; accessToken: string; clientId: string },
  now: number,
): void {
  const { claims, jwt, accessToken, clientId } = token
  const { sub, azp, iat, at_hash: accessHash } = claims
  if (!isId(sub)) throw invalid('the token’s subject is empty, too long or no plain text')
  if (azp !== undefined && azp !== clientId) throw invalid('the token was made for another client (azp)')
  if (iat > now / 1_000 + SKEW_SECONDS) {
    throw new FailedCheck('clock_skew', 'the token is from the future by this machine’s clock')
  }
  if (accessHash !== undefined && accessHash !== accessTokenHash(accessToken, jwt)) {
    throw invalid('the ID token belongs to another access token (at_hash)')
  }
}

function accessTokenHash(accessToken: string, jwt: string): string | undefined {
  const hash = HASHES[decodeProtectedHeader(jwt).alg ?? '']
  if (!hash) return undefined
  const digest = createHash(hash).update(accessToken).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

/**
 * Whether the provider did what it was asked for. openid-client has a check of `max_age`, but it says the same of a
 * missing `auth_time` as of any missing claim.
 * @param now milliseconds since 1970
 * @throws FailedCheck `step_up_failed`
 * @see OpenID Connect Core §3.1.2.1, §3.1.3.7 (12, 13)
 */
export function checkStepUp(
  { auth_time: time, acr }: Record<string, unknown>,
  { maxAgeSeconds, acrValues }: Pick<SignInChecks, 'maxAgeSeconds' | 'acrValues'>,
  now: number,
): void {
  if (maxAgeSeconds !== undefined) {
    if (typeof time !== 'number') throw failed('the provider does not say when the person signed in (auth_time)')
    const age = now / 1_000 - time
    if (age < -SKEW_SECONDS) throw failed('the person signed in in the future (auth_time)')
    if (age > maxAgeSeconds + SKEW_SECONDS) throw failed('the person signed in too long ago (auth_time)')
  }
  if (acrValues && !(typeof acr === 'string' && acrValues.includes(acr))) {
    throw failed('the person did not sign in as was asked for (acr)')
  }
}

/**
 * How somebody signed in, by a checked ID token.
 * @param latest milliseconds since 1970: no time is later
 * @param unstated the time where the token has none
 */
export function readAuthentication(claims: Record<string, unknown>, latest: number, unstated: number): Authentication {
  const { auth_time: time, acr, amr } = claims
  return {
    time: typeof time === 'number' ? Math.min(time * 1_000, latest) : unstated,
    acr: typeof acr === 'string' && acr.length <= MAX_ID_LENGTH ? acr : undefined,
    amr: Array.isArray(amr) ? amr.filter(isShortText).slice(0, MAX_METHODS) : [],
  }
}

/** The provider's own session id, where it gave one that can be kept. */
export function readSid({ sid }: Record<string, unknown>): string | undefined {
  return isId(sid) ? sid : undefined
}

/** Whether a value can name somebody or something: OpenID Connect Core §2 has ASCII; control characters no store has to take. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH && !/\p{Cc}/u.test(value)
}

/**
 * Two documents about one person: the first one's word counts before the second's. An address and whether it is
 * verified are one statement: they come from the same document, or one could vouch for the other's address.
 */
export function mergeClaims(first: Record<string, unknown>, second: Record<string, unknown>): Record<string, unknown> {
  const source = Object.hasOwn(first, 'email_verified') || !Object.hasOwn(second, 'email') ? first : second
  const { email, email_verified } = source
  // Not Object.assign: a claim called `__proto__` would become what the others are inherited from.
  return { ...second, ...first, email, email_verified }
}

/** What userinfo could be asked for: only what a session says of a person, or all of their profile as well. */
export type Wanted = 'person' | 'profile'

/** Whether an ID token leaves nothing out that userinfo could add. */
export function isComplete(
  claims: Record<string, unknown>,
  { groupsClaim, claims: kept, attributes }: Pick<IdentityProviderConfig, 'groupsClaim' | 'claims' | 'attributes'>,
  wanted: Wanted,
): boolean {
  const { email, name } = attributes
  const mapped = wanted === 'person' ? [email, name] : Object.values(attributes)
  return (
    ['email', 'email_verified', groupsClaim, ...kept].every((claim) => Object.hasOwn(claims, claim)) &&
    mapped.every(({ claim }) => claimAt(claims, claim) !== undefined)
  )
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_ID_LENGTH
}

function invalid(message: string): FailedCheck {
  return new FailedCheck('provider_answer_invalid', message)
}

function failed(message: string): FailedCheck {
  return new FailedCheck('step_up_failed', message)
}
