import type { IdentityProviderConfig, ProfileField } from '../../config.ts'

/** Whose word counts for an address. */
export const EMAIL_TRUST = {
  'verify-with-claim': 'Verify with claim: the provider’s email_verified counts, otherwise a mail of ours',
  'trust-idp': 'Trust IdP: the provider’s word always counts',
  'always-verify': 'Always verify: only a mail of ours counts',
} as const satisfies Record<IdentityProviderConfig['emailTrust'], string>

/** What becomes of somebody without an account. */
export const PROVISIONING = {
  auto: 'Auto provision: whoever signs in for the first time gets an account',
  'match-only': 'Match only: whoever has no account is refused',
} as const satisfies Record<IdentityProviderConfig['provisioning'], string>

/** Whether an existing account may be joined. */
export const LINKING = {
  confirm: 'Confirm: after signing in to the existing account too',
  deny: 'Deny: an existing account is never joined',
} as const satisfies Record<IdentityProviderConfig['linking'], string>

/** Fields of a profile. */
export const ATTRIBUTE_LABELS = {
  username: 'Username',
  email: 'Email',
  name: 'Name',
  picture: 'Picture',
  website: 'Website',
  company: 'Company',
  location: 'Location',
} as const satisfies Record<ProfileField, string>
