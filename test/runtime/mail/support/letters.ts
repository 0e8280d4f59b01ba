import type { MailMessage, SecurityChange } from '../../../../runtime/mail/index.ts'

export const LINK = 'https://login.acme.example/verify/c2VjcmV0LXZhbHVl?a=1&b=2'
/** 21 September 2026, 14:13 UTC. */
export const AT = Date.UTC(2026, 8, 21, 14, 13)

const CHANGES: readonly SecurityChange[] = [
  { what: 'password_set' },
  { what: 'password_removed' },
  { what: 'email_changed' },
  { what: 'break_glass_used' },
  { what: 'sessions_ended' },
  { what: 'passkey_added', name: 'Blue key' },
  { what: 'passkey_removed', name: 'Blue key' },
  { what: 'identity_linked', provider: 'Contoso' },
  { what: 'identity_unlinked', provider: 'Contoso' },
]

export const VERIFY = { kind: 'verify_email', link: LINK, provider: 'Contoso', expiresAt: AT } satisfies MailMessage
export const INVITATION = { kind: 'invitation', link: LINK, invitedBy: 'Alice', expiresAt: AT } satisfies MailMessage
export const RESET = { kind: 'password_reset', link: LINK, expiresAt: AT } satisfies MailMessage

export function notice(change: SecurityChange, address = '203.0.113.7'): MailMessage {
  return { kind: 'security_notice', change, at: AT, address, link: LINK }
}

/** One of each, in every form that it has. */
export const MESSAGES: readonly MailMessage[] = [
  VERIFY,
  INVITATION,
  { ...INVITATION, invitedBy: undefined },
  RESET,
  ...CHANGES.map((change) => notice(change)),
]
