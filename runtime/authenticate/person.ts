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
    groups: groupList(claims['groups']),
  }
}

function verifiedEmail(claims: Record<string, unknown>, provider: IdentityProviderConfig): string {
  const email = text(claims['email']).toLowerCase()
  const domain = emailDomain(email)
  if (domain === undefined) return ''
  const trusted = {
    'verify-with-claim': claims['email_verified'] === true,
    'trust-idp': provider.allowedDomains.length > 0,
    'always-verify': false,
  }[provider.emailTrust]
  const allowed = provider.allowedDomains.length === 0 || provider.allowedDomains.includes(domain)
  return trusted && allowed ? email : ''
}

/**
 * The domain of an address in its ASCII form, or nothing when the text is not one plain address:
 * two `@`, quotes, spaces and control characters have been read differently by different readers.
 */
export function emailDomain(email: string): string | undefined {
  const match = /^[^\s"(),:;<>@[\\\]\p{Cc}]+@([^\s@]+)$/u.exec(email)
  const domain = match?.[1] && domainToASCII(match[1])
  return domain && !domain.endsWith('.') && domain.includes('.') ? domain.toLowerCase() : undefined
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
