import { hash } from 'node:crypto'

import type { IdentityProviderConfig } from '../config.ts'

/** One more whenever the same claims and settings make another person than before, so that who is signed in is read anew. */
const READING = 2

/** As many base64url characters of the digest: 96 bits. */
const LENGTH = 16

/**
 * How a provider's claims are read: people whose `readAs` is the same were made by the same rules, and may be judged by the
 * policies that were written for them.
 * @returns a digest of the settings that decide what of the claims counts; their order does not
 */
export function readAsOf({
  groupsClaim,
  claims,
  emailTrust,
  allowedDomains,
  tenants,
  attributes: { email, name, username },
}: Pick<
  IdentityProviderConfig,
  'groupsClaim' | 'claims' | 'emailTrust' | 'allowedDomains' | 'tenants' | 'attributes'
>): string {
  const sets = [claims, allowedDomains, tenants].map((set) => set?.toSorted() ?? null)
  const names = [name, username].map(({ claim, default: otherwise }) => [claim, otherwise ?? null])
  return hash(
    'sha256',
    JSON.stringify([READING, groupsClaim, emailTrust, ...sets, email.claim, ...names]),
    'base64url',
  ).slice(0, LENGTH)
}
