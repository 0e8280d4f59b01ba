import { hash } from 'node:crypto'
import { domainToASCII } from 'node:url'

import type { IdentityProviderConfig } from '../config.ts'
import type { Person } from '../store/index.ts'
import { claimAt, readProfile } from './attributes.ts'
import { FailedCheck } from './classify.ts'
import { identityOf } from './identity.ts'
import { keptClaims } from './kept-claims.ts'
import { readAsOf } from './read-as.ts'

/** Bounds on what one provider may say about one person. */
const MAX_GROUPS = 1_000
const MAX_GROUP = 256

/**
 * Makes a person of verified claims. The address is kept only when this provider's word for it counts, and its domain is one of the
 * allowed; {@link verifiedEmail} says when.
 * @param claims of a checked ID token, with what userinfo added
 * @param issuer of the token, where it is another than the provider's: a tenant's
 * @throws FailedCheck `groups_incomplete` when the person is in more groups than the claims say or than we take, or
 *   in one that is no short text; `provider_answer_invalid` for a claim that is to be kept and cannot be, and where the
 *   claim that tells people apart is missing
 */
export function personFromClaims(
  claims: Record<string, unknown>,
  provider: IdentityProviderConfig,
  issuer: string = provider.issuer,
): Person {
  const { issuer: at, subject } = identityOf(claims, provider, issuer)
  return { id: hash('sha256', JSON.stringify([at, subject]), 'base64url'), ...describePerson(claims, provider) }
}

/**
 * All of a person but who it is, which is known already when a session is refreshed.
 * @throws FailedCheck as `personFromClaims` does
 */
export function describePerson(claims: Record<string, unknown>, provider: IdentityProviderConfig): Omit<Person, 'id'> {
  requireAllGroups(claims, provider.groupsClaim)
  const { name, username } = readProfile(claims, provider)
  return {
    email: verifiedEmail(claims, provider),
    name: name ?? username ?? '',
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

/**
 * The address that the provider says, whatever its word for it counts.
 * @returns its one spelling; empty where it says none. A default of the attribute would be everybody's, and counts for nothing.
 */
export function claimedEmail(
  claims: Record<string, unknown>,
  { attributes }: Pick<IdentityProviderConfig, 'attributes'>,
): string {
  return normalizeEmail(claimAt(claims, attributes.email.claim)) ?? ''
}

/**
 * Whether a provider takes people with this address.
 * @param email in its one spelling; empty is no address
 */
export function isInDomains(
  email: string,
  { allowedDomains }: Pick<IdentityProviderConfig, 'allowedDomains'>,
): boolean {
  return allowedDomains.length === 0 || allowedDomains.includes(email.slice(email.indexOf('@') + 1))
}

/** The claimed address where the provider's word for it counts, and empty where it does not. */
function verifiedEmail(claims: Record<string, unknown>, provider: IdentityProviderConfig): string {
  const email = claimedEmail(claims, provider)
  if (email === '') return ''
  const trusted = {
    // The claim speaks of `email` alone (OpenID Connect Core §5.1): it is no word for an address in another claim.
    'verify-with-claim': claims['email_verified'] === true && normalizeEmail(claims['email']) === email,
    // Whoever runs a tenant says which addresses its people have: one tenant's word may be trusted, that of several never.
    'trust-idp': provider.allowedDomains.length > 0 && provider.tenants === undefined,
    'always-verify': false,
  }[provider.emailTrust]
  return trusted && isInDomains(email, provider) ? email : ''
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
    throw new FailedCheck('groups_incomplete', `a group is no text of at most ${MAX_GROUP} characters`)
  }
  return groups
}

function isGroup(group: unknown): group is string {
  return typeof group === 'string' && group.length <= MAX_GROUP
}
