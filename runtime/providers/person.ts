import { hash } from 'node:crypto'
import { domainToASCII } from 'node:url'

import type { IdentityProviderConfig } from '../config.ts'
import type { Person } from '../store/index.ts'
import { FailedCheck } from './classify.ts'
import { keptClaims } from './kept-claims.ts'
import { readAsOf } from './read-as.ts'

/** Bounds on what one provider may say about one person. */
const MAX_GROUPS = 1_000
const MAX_TEXT = 256

/**
 * Makes a person of verified claims. The address is kept only when this provider's word for it counts:
 * `email_verified` is exactly true (or the provider is trusted), and its domain is one of the allowed.
 * @param claims of a checked ID token, with what userinfo added
 * @param issuer of the token, where it is another than the provider's: a tenant's
 * @throws FailedCheck `groups_incomplete` when the person is in more groups than the claims say or than we take, or
 *   in one that is no short text; `provider_answer_invalid` for a claim that is to be kept and cannot be
 */
export function personFromClaims(
  claims: Record<string, unknown>,
  provider: IdentityProviderConfig,
  issuer: string = provider.issuer,
): Person {
  const { sub } = claims
  if (typeof sub !== 'string' || sub === '') throw new TypeError('claims without a subject')
  requireAllGroups(claims, provider.groupsClaim)
  return {
    id: hash('sha256', JSON.stringify([issuer, sub]), 'base64url'),
    email: verifiedEmail(claims, provider),
    name: text(claims['name']) || text(claims['preferred_username']),
    groups: groupList(claims, provider.groupsClaim),
    claims: keptClaims(claims, provider.claims),
    readAs: readAsOf(provider),
  }
}

/**
 * A rule that names a group must not be judged by a list that is cut off. Entra leaves the claim out above 200 groups and
 * says where they can be asked for (OpenID Connect Core §5.6.2), or that there are some (`hasgroups`).
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference#groups-overage-claim
 */
function requireAllGroups(claims: Record<string, unknown>, groupsClaim: string): void {
  const elsewhere = claims['_claim_names']
  const isElsewhere = typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, groupsClaim)
  const isLeftOut = groupsClaim === 'groups' && claims['hasgroups'] === true
  if (isElsewhere || isLeftOut) throw new FailedCheck('groups_incomplete', 'the token leaves the person’s groups out')
}

function verifiedEmail(claims: Record<string, unknown>, provider: IdentityProviderConfig): string {
  const email = normalizeEmail(claims['email'])
  if (email === undefined) return ''
  const trusted = {
    'verify-with-claim': claims['email_verified'] === true,
    // Whoever runs a tenant says which addresses its people have: one tenant's word may be trusted, that of several never.
    'trust-idp': provider.allowedDomains.length > 0 && provider.tenants === undefined,
  }[provider.emailTrust]
  const domain = email.slice(email.indexOf('@') + 1)
  const allowed = provider.allowedDomains.length === 0 || provider.allowedDomains.includes(domain)
  return trusted && allowed ? email : ''
}

/** RFC 5321 §4.5.3.1.3. A longer one is no address; cut short it would be another one. */
const MAX_EMAIL = 254

/**
 * The one spelling of an address: lower case, its domain in ASCII (RFC 5890).
 * @param claim anything
 * @returns nothing when it is not one plain address: quotes, comments, two `@`, control characters and letters outside
 *   ASCII before the `@` have been read differently by different readers
 */
export function normalizeEmail(claim: unknown): string | undefined {
  if (typeof claim !== 'string' || claim.length > MAX_EMAIL) return undefined
  const match = /^([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+)@([\p{L}\p{N}.-]+)$/u.exec(claim)
  const domain = domainToASCII(match?.[2] ?? '')
  if (!match?.[1] || !domain.includes('.') || domain.endsWith('.')) return undefined
  return `${match[1]}@${domain}`.toLowerCase()
}

/** A rule may ask who is *not* in a group: what cannot be kept is refused, not left out. Some providers write one group as a text. */
function groupList(claims: Record<string, unknown>, groupsClaim: string): string[] {
  const claim: unknown = Object.hasOwn(claims, groupsClaim) ? claims[groupsClaim] : undefined
  if (claim === undefined || claim === null) return []
  const groups: unknown = typeof claim === 'string' ? [claim] : claim
  if (!Array.isArray(groups)) throw new FailedCheck('groups_incomplete', 'the person’s groups are no list')
  if (groups.length > MAX_GROUPS) {
    throw new FailedCheck('groups_incomplete', `the person is in more than ${MAX_GROUPS} groups`)
  }
  if (!groups.every(isGroup)) {
    throw new FailedCheck('groups_incomplete', `a group is no text of at most ${MAX_TEXT} characters`)
  }
  return groups
}

function isGroup(group: unknown): group is string {
  return typeof group === 'string' && group.length <= MAX_TEXT
}

function text(claim: unknown): string {
  return typeof claim === 'string' ? claim.slice(0, MAX_TEXT) : ''
}
