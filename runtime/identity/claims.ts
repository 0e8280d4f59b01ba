import { hash } from 'node:crypto'

import type { JWTPayload } from 'jose'

import type { ClaimValue } from '../policy/index.ts'
import type { Subject } from './subject.ts'

/** Of all claims together, as JSON. In base64url they are a third longer, and many servers take no header above 8 KiB. */
const MAX_PAYLOAD_BYTES = 5 * 1024
/** Of all group names together, so that an assertion stays small where it can. */
const MAX_GROUP_BYTES = 3 * 1024

/**
 * What an assertion says of somebody, beside for whom it is.
 * @param chosen names of claims that it has beside its own; what is not known is left out
 */
export function assertionClaims(subject: Subject, chosen: readonly string[]): JWTPayload {
  const { id, email, name } = subject
  const others = { ...chosenClaims(subject, chosen), sub: id, ...(email ? { email } : {}), name }
  return { ...others, ...boundedGroups(subject, others) }
}

/**
 * The same in Pomerium's names, where every one is always there.
 * @see https://www.pomerium.com/docs/capabilities/getting-users-identity
 */
export function pomeriumClaims(subject: Subject, chosen: readonly string[]): JWTPayload {
  const { id, email, name, session, key } = subject
  // Ours would find the session in the store: nobody outside needs that.
  const sid = hash('sha256', `sid ${session?.id ?? key}`, 'base64url')
  const others = { ...chosenClaims(subject, chosen), sub: id, user: id, email, name, sid }
  return { ...others, ...boundedGroups(subject, others) }
}

/**
 * A claim by the name that a route's configuration has for it.
 * @returns nothing where it is not known of this subject
 */
export function claimValue(
  { id, email, name, groups, claims, session }: Subject,
  claim: string,
): ClaimValue | undefined {
  switch (claim) {
    case 'id':
      return id
    case 'email':
      return email || undefined
    case 'name':
      return name || undefined
    case 'groups':
      return groups
    default:
      // What the provider's configuration keeps under such a name is what it means by it.
      return Object.hasOwn(claims, claim) ? claims[claim] : session && signInClaim(session, claim)
  }
}

function signInClaim(
  { authenticatedAt, acr, amr }: NonNullable<Subject['session']>,
  claim: string,
): ClaimValue | undefined {
  switch (claim) {
    case 'auth_time':
      return authenticatedAt === 0 ? undefined : Math.floor(authenticatedAt / 1_000)
    case 'acr':
      return acr || undefined
    case 'amr':
      return amr.length > 0 ? amr : undefined
    default:
      return undefined
  }
}

function chosenClaims(subject: Subject, chosen: readonly string[]): JWTPayload {
  const entries = chosen
    .filter((claim) => claim !== 'id' && claim !== 'groups' && !OWN_CLAIMS.has(claim))
    .map((claim): [string, unknown] => [claim, claimValue(subject, claim)])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** No claim of a provider's takes the place of what an app verifies by (RFC 7519 §4.1). */
const OWN_CLAIMS = new Set(['iss', 'aud', 'sub', 'exp', 'nbf', 'iat', 'jti', 'groups_truncated', 'sid', 'user'])

/** In the order of the provider, whole names alone; `groups_truncated` says that some are missing. */
function boundedGroups({ groups }: Subject, others: object): { groups: readonly string[]; groups_truncated?: true } {
  const limit = Math.min(MAX_GROUP_BYTES, MAX_PAYLOAD_BYTES - Buffer.byteLength(JSON.stringify(others)))
  let left = limit
  const fitting = groups.filter((group) => {
    left -= Buffer.byteLength(JSON.stringify(group)) + 1
    return left >= 0
  })
  return fitting.length < groups.length ? { groups: fitting, groups_truncated: true } : { groups }
}
