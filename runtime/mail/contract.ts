/** What mail tells, with what it needs; texts, languages and looks are this room's. Links are absolute addresses. */
export type MailMessage =
  | { kind: 'verify_email'; link: string; provider: string; expiresAt: number }
  | { kind: 'invitation'; link: string; invitedBy: string | undefined; expiresAt: number }
  | { kind: 'password_reset'; link: string; expiresAt: number }
  /** Something about the account's security changed: what, where from, and where to look. */
  | { kind: 'security_notice'; change: SecurityChange; at: number; address: string; link: string }

export type SecurityChange =
  | { what: 'password_set' | 'password_removed' | 'email_changed' | 'break_glass_used' | 'sessions_ended' }
  | { what: 'passkey_added' | 'passkey_removed'; name: string }
  | { what: 'identity_linked' | 'identity_unlinked'; provider: string }

/** To whom, by whom, in which language. */
export interface MailEnvelope {
  to: string
  /** Id of the brand whose name and look it has. */
  brand: string
  /** A tag of `runtime/languages`. */
  language: string
}

/** `sent` is the server's word; `failed` was logged, and nothing is tried again by itself. */
export type MailOutcome = 'sent' | 'failed'

/** Sends mail. It never throws for what a server does, and takes ten seconds at most. */
export interface Mailer {
  send(envelope: MailEnvelope, message: MailMessage): Promise<MailOutcome>
  close(): void
}
