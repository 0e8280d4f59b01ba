import type { ProfileField } from '../config.ts'

/** What is known of a person beside who they are; a field that nobody said is left out. */
export type Profile = Partial<Record<Exclude<ProfileField, 'email'>, string>>

/** A person at a brand. Times are milliseconds since 1970. */
export interface Account {
  /** Unique over all brands. Of an account that began with a sign-in at a provider, made from that identity. */
  id: string
  brand: string
  status: 'active' | 'suspended'
  /** How it began. */
  origin: 'sign_in' | 'invitation' | 'stack'
  /** A verified address, in its one spelling, of at most one account of the brand; empty where there is none. */
  email: string
  profile: Profile
  /** What the person changed; no sign-in overwrites it. */
  ownFields: readonly (keyof Profile)[]
  /** Of sessions by password or passkey. */
  groups: readonly string[]
  /** PHC string; undefined where there is none. */
  passwordHash: string | undefined
  passwordChangedAt: number | undefined
  /** Of mails; a tag of `runtime/languages`. Empty where nobody chose one. */
  language: string
  createdAt: number
  lastSignInAt: number | undefined
  /** 1 at the start, one more with each change. */
  version: number
}

/** By what a provider tells people apart: never an address. */
export interface IdentityKey {
  issuer: string
  subject: string
}

/** A person at an identity provider, joined to an account: "connected account" in texts. */
export interface Identity extends IdentityKey {
  accountId: string
  brand: string
  /** Id in the configuration. */
  identityProvider: string
  /** As the provider last said it, in its one spelling; empty where it said none. */
  email: string
  /** Whether `email` is verified: by the provider's word where that counts, or by a mail of ours. */
  emailVerified: boolean
  linkedAt: number
  lastUsedAt: number
}

/** A passkey of an account (WebAuthn Level 3). */
export interface Passkey {
  /** Credential id, base64url. */
  id: string
  accountId: string
  brand: string
  /** COSE key, base64url. */
  publicKey: string
  counter: number
  transports: readonly string[]
  /** Given by the person. */
  name: string
  createdAt: number
  lastUsedAt: number | undefined
}

/** An account with all by which somebody signs in to it. */
export interface AccountWithCredentials {
  account: Account
  identities: readonly Identity[]
  passkeys: readonly Passkey[]
}

/** What somebody can do once: by a link in a mail, or between two steps of a flow. */
export interface Ticket {
  /** SHA-256 of the value in the link or cookie, base64url; the value itself is never stored. */
  id: string
  kind: TicketKind
  brand: string
  /** Whom it is about, where that is known; it ends with the account. */
  accountId: string | undefined
  /** SHA-256 of the binding cookie of the browser that began, base64url; undefined where any may go on. */
  bindingHash: string | undefined
  /** Sealed under kind and id. */
  sealed: string
  expiresAt: number
}

export type TicketKind = 'email_verification' | 'pending_sign_in' | 'pending_link' | 'invitation' | 'password_reset'

/** What an account was changed in, as a whole or not at all. */
export interface AccountChange {
  /** What is left out stays; a password or time that is given as undefined is taken away. */
  set?: Partial<
    Pick<
      Account,
      | 'status'
      | 'email'
      | 'profile'
      | 'ownFields'
      | 'groups'
      | 'passwordHash'
      | 'passwordChangedAt'
      | 'language'
      | 'lastSignInAt'
    >
  >
  addIdentity?: Identity
  removeIdentity?: IdentityKey
  /** Of an identity that is this account's. */
  updateIdentity?: IdentityKey & Partial<Pick<Identity, 'email' | 'emailVerified' | 'lastUsedAt'>>
  addPasskey?: Passkey
  removePasskey?: string
  updatePasskey?: { id: string; counter?: number; lastUsedAt?: number; name?: string }
  /** Ends sessions of the account in the same step; `keep` is the id of one that goes on. */
  endSessions?: { keep?: string }
  /** Takes away all tickets of these kinds in the same step. */
  endTickets?: readonly TicketKind[]
}

/** `stale`: the account is another by now. `taken`: the identity, address or passkey is another account's. */
export type ChangeOutcome = 'changed' | 'stale' | 'taken'

/** What happened, for good. */
export interface AuditEvent {
  /** Milliseconds since 1970. */
  at: number
  brand: string
  /** A name from `runtime/accounts`' catalogue, like `account.created`. */
  action: string
  /** Account id of who did it; `stack` and `system` where nobody in person. */
  actor: string
  /** Account id of whom it was done to. */
  account: string | undefined
  /** From where; empty where nobody knows. */
  address: string
  /** Short texts; never a secret or token. */
  details: Readonly<Record<string, string>>
}

/** An event as it stands in the log. */
export interface AuditEntry extends AuditEvent {
  /** Grows with each entry. */
  sequence: number
}

/** A part of a list, and where the next one begins. */
export interface Page<T> {
  items: readonly T[]
  /** Given back for the next part; undefined at the end. */
  next: string | undefined
}

/** Which accounts are listed: newest first. */
export interface AccountFilter {
  brand?: string
  status?: Account['status']
  /** Part of an address, name or user name, or a whole id. */
  search?: string
  /** Those with one of these ids; none finds nobody. */
  ids?: readonly string[]
}

/** Which entries are listed: newest first. */
export interface AuditFilter {
  brand?: string
  action?: string
  actor?: string
  account?: string
  /** Milliseconds since 1970, both included. */
  from?: number
  to?: number
}

/** Accounts, what people sign in to them by, and what was done. Every method is one atomic step. */
export interface AccountStore {
  findAccount(brand: string, id: string): Promise<AccountWithCredentials | undefined>
  findAccountByIdentity(brand: string, key: IdentityKey): Promise<AccountWithCredentials | undefined>
  /** @param email in its one spelling */
  findAccountByEmail(brand: string, email: string): Promise<AccountWithCredentials | undefined>
  /** @param id of the credential */
  findAccountByPasskey(brand: string, id: string): Promise<AccountWithCredentials | undefined>
  /** @returns `taken` where the id, the address or the identity is another account's */
  insertAccount(
    account: Account,
    identity: Identity | undefined,
    audit: readonly AuditEvent[],
  ): Promise<'inserted' | 'taken'>
  /** Changes an account if it is still the one that was read. */
  changeAccount(
    account: Pick<Account, 'brand' | 'id' | 'version'>,
    change: AccountChange,
    audit: readonly AuditEvent[],
  ): Promise<ChangeOutcome>
  /** Takes an account away with all that is its: identities, passkeys, tickets, sessions. The log stays. */
  deleteAccount(brand: string, id: string, audit: readonly AuditEvent[]): Promise<boolean>
  /** @param after `next` of the part before */
  listAccounts(filter: AccountFilter, limit: number, after?: string): Promise<Page<Account>>
  countAccounts(filter: AccountFilter): Promise<number>
  /** How many accounts each identity provider signs in. */
  countIdentities(brand?: string): Promise<Readonly<Record<string, number>>>
  /** Adds a ticket; one about an account that is gone by now has ended with it. */
  insertTicket(ticket: Ticket): Promise<void>
  /** Looks without taking; expired ones are not given out. */
  findTicket(kind: TicketKind, id: string, now: number): Promise<Ticket | undefined>
  /** Takes a ticket out: of any number of callers, one gets it. Expired ones are not given out. */
  takeTicket(kind: TicketKind, id: string, now: number): Promise<Ticket | undefined>
  recordAudit(events: readonly AuditEvent[]): Promise<void>
  listAudit(filter: AuditFilter, limit: number, after?: string): Promise<Page<AuditEntry>>
}
