import type { IdentityForApp } from '../config.ts'
import { claimHeaderMistakes } from '../header-names/index.ts'

/** The header in which an app finds the assertion. */
export const ASSERTION_HEADER = 'X-Gatewright-Assertion'
/** The same where an app was written for Pomerium. */
export const POMERIUM_ASSERTION_HEADER = 'X-Pomerium-Jwt-Assertion'

/**
 * Every header that may say who is there at a route, in lower case. None of them, in no spelling, ever comes from a client,
 * on public paths neither: what we do not set is not there.
 */
export function identityHeaderNames({ headers, bearer }: IdentityForApp): readonly string[] {
  return [
    ASSERTION_HEADER,
    POMERIUM_ASSERTION_HEADER,
    ...(bearer ? ['Authorization'] : []),
    ...Object.keys(headers),
  ].map((name) => name.toLowerCase())
}

/** @throws TypeError when a claim header is none that a route may name, or two of them are one to many apps */
export function requireUsable({ headers }: IdentityForApp): void {
  const [mistake] = claimHeaderMistakes(Object.keys(headers))
  if (mistake) throw new TypeError(`the header ${mistake.name} cannot be one of a claim: ${mistake.message}`)
}
