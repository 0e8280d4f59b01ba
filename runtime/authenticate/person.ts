import { domainToASCII } from 'node:url'

import type { IdentityProviderConfig } from '../config.ts'
import { digest } from '../sessions/index.ts'
import type { Person } from '../store/index.ts'

/** Bounds on what one provider may say about one person. */
const MAX_GROUPS = 1_000
const MAX_TEXT = 256

/**
 * Makes a person of verified claims. The address is kept only when this provider's word for it counts:
 * `email_verified` is exactly true (or the provider is trusted), and its domain is one of the allowed.
 * @param claims of a checked ID token, with what userinfo added
 */
export function personFromClaims(claims: Record<string, unknown>, provider: IdentityProviderConfig): Person {
  const { sub } = claims
  if (typeof sub !== 'string' || sub === '') throw new TypeError('claims without a subject')
  return {
    id: digest(JSON.stringify([provider.issuer, sub])),
    email: verifiedEmail(claims, provider),
    name: text(claims['name']) || text(claims['preferred_username']),
    groups: groupList(claims[provider.groupsClaim]),
  }
}

function verifiedEmail(claims: Record<string, unknown>, provider: IdentityProviderConfig): string {
  const email = normalizeEmail(claims['email'])
  if (email === undefined) return ''
  const trusted = {
    'verify-with-claim': claims['email_verified'] === true,
    'trust-idp': provider.allowedDomains.length > 0,
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

function groupList(claim: unknown): string[] {
  if (!Array.isArray(claim)) return []
  return claim
    .filter((group): group is string => typeof group === 'string' && group.length <= MAX_TEXT)
    .slice(0, MAX_GROUPS)
}

function text(claim: unknown): string {
  return typeof claim === 'string' ? claim.slice(0, MAX_TEXT) : ''
}
