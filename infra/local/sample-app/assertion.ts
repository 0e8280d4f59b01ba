import { createRemoteJWKSet, customFetch, errors, jwtVerify, type FetchImplementation } from 'jose'
import * as z from 'zod'

import { boundedFetch } from '../../../runtime/outbound/index.ts'
import type { SampleAppConfig } from './config.ts'

/** Who the gateway says is there. */
export interface Identity {
  subject: string
  name: string | undefined
  email: string | undefined
  groups: readonly string[]
  /** Until when the gateway's word holds. */
  expiresAt: Date
}

/** Why an assertion is not taken. */
export type AssertionRefusal =
  | 'assertion-missing'
  | 'assertion-malformed'
  | 'assertion-algorithm'
  | 'assertion-unknown-key'
  | 'assertion-signature'
  | 'assertion-expired'
  | 'assertion-claim'
  /** The gateway's keys could not be had, so nothing can be said about the assertion. */
  | 'keys-unreachable'

export type AssertionOutcome =
  { outcome: 'verified'; identity: Identity } | { outcome: 'refused'; code: AssertionRefusal }

const fetchKeys: FetchImplementation = (url, { headers, method, signal }) =>
  boundedFetch(url, { headers: [...headers], method, signal })

const claims = z.looseObject({
  sub: z.string().min(1),
  exp: z.number(),
  name: z.string().optional(),
  email: z.string().optional(),
  groups: z.array(z.string()).default([]),
})

/**
 * Makes the check that every app behind the gateway should make: whatever else a request says about who is there can come
 * from anybody who reaches the app's port.
 * @returns a function from the value of `X-Gatewright-Assertion` to who is there, or why nobody is
 * @see RFC 7519 §7.2 (validating a JWT), RFC 8725 §3 (what to hold it against)
 */
export function createAssertionCheck({
  loginUrl,
  audience,
}: Pick<SampleAppConfig, 'loginUrl' | 'audience'>): (assertion: string | undefined) => Promise<AssertionOutcome> {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', loginUrl), { [customFetch]: fetchKeys })
  return async (assertion) => {
    if (assertion === undefined || assertion === '') return { outcome: 'refused', code: 'assertion-missing' }
    try {
      const { payload } = await jwtVerify(assertion, keys, {
        algorithms: ['ES256'],
        issuer: loginUrl,
        audience,
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: 5,
      })
      const { sub, exp, name, email, groups } = claims.parse(payload)
      return { outcome: 'verified', identity: { subject: sub, name, email, groups, expiresAt: new Date(exp * 1_000) } }
    } catch (error) {
      return { outcome: 'refused', code: nameRefusal(error) }
    }
  }
}

function nameRefusal(error: unknown): AssertionRefusal {
  if (error instanceof errors.JWTExpired) return 'assertion-expired'
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof z.ZodError) return 'assertion-claim'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'assertion-algorithm'
  if (error instanceof errors.JWKSNoMatchingKey) return 'assertion-unknown-key'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'assertion-signature'
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'assertion-malformed'
  // An algorithm that no key of ours can have, `none` among them.
  if (error instanceof errors.JOSENotSupported) return 'assertion-algorithm'
  return 'keys-unreachable'
}
