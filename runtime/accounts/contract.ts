import type { BrandConfig } from '../config.ts'
import type { Counted } from '../limits/index.ts'
import type { Provider, SignInResult } from '../providers/index.ts'
import type {
  Account,
  AccountFilter,
  AccountWithCredentials,
  Identity,
  IdentityKey,
  Page,
  Passkey,
  Person,
  Profile,
} from '../store/index.ts'

/** A brand with its id. */
export interface AtBrand {
  id: string
  config: BrandConfig
}

/** Who does something, for the audit log and the limits. */
export interface Actor {
  /** Account id, `stack`, or `system`. */
  id: string
  /** Of the client; empty where nobody knows. */
  address: string
}

/** What the person did about their address in this very sign-in. */
export interface Verified {
  /** An address that was shown to be theirs by a mail of ours. */
  emailByMail?: string
  /** They go on without a verified one, which counts only where `verify_email` was not `required`. */
  goesOnWithout?: true
}

/** Where a password or passkey was shown in place of a provider's word. */
export type OwnSignIn = 'password' | 'passkey' | 'break_glass'

/**
 * What comes of somebody whom a provider has signed in. Whoever may not pass is refused: `not_provisioned`, `email_refused`,
 * `email_unverified`, `account_exists`, `account_suspended`.
 */
export type Admittance =
  /** `created` where this was the first time. */
  | { outcome: 'signed_in'; account: Account; person: Person; created: boolean }
  /** The address has to be confirmed by mail; `required` where there is no going on without. */
  | { outcome: 'verify_email'; email: string; required: boolean }
  /** The address is an existing account's, which has to be signed in to before the two are joined. */
  | { outcome: 'confirm_link'; existing: AccountWithCredentials; email: string }

/** What comes of adding an identity to an account whose person is there. */
export type LinkOutcome =
  | { outcome: 'linked'; account: Account }
  | { outcome: 'already_linked' }
  /** It is somebody else's; whose is nobody's business. */
  | { outcome: 'in_use' }

/** Why a way to sign in cannot be taken away, or that it was. */
export type UnlinkOutcome = 'unlinked' | 'last_way_in' | 'not_found'

/** A password that somebody wants to have, judged: too short, too long, or one that is guessed early. */
export type PasswordVerdict = 'good' | 'too_short' | 'too_long' | 'common'

/** Accounts of all brands: the one place that decides who somebody is, and by what they may sign in. */
export interface Accounts {
  /**
   * Decides about somebody whom a provider has signed in; makes the account, or brings it up to date.
   * @throws Refusal, see {@link Admittance}
   */
  admit(brand: AtBrand, provider: Provider, result: SignInResult, verified: Verified, actor: Actor): Promise<Admittance>
  /** The person that a session by the gateway's own account is of. @throws Refusal `account_suspended` */
  personOf(account: Account): Person
  find(brand: string, id: string): Promise<AccountWithCredentials | undefined>
  findByEmail(brand: string, email: string): Promise<AccountWithCredentials | undefined>
  list(filter: AccountFilter, limit: number, after?: string): Promise<Page<Account>>
  /** By what an account's person could sign in, and what of it works now. */
  waysIn(brand: AtBrand, who: AccountWithCredentials): readonly WayIn[]
  /**
   * Notes a sign-in by the gateway's own account, before its session begins.
   * @returns the account as it is now
   * @throws Refusal `account_suspended`, `credentials_invalid` where the account is gone
   */
  noteSignIn(brand: string, accountId: string, by: OwnSignIn, actor: Omit<Actor, 'id'>): Promise<Account>
  /**
   * Joins an identity to an account whose person has just shown a credential of it.
   * @throws Refusal `email_refused`; `email_unverified` where the provider wants a verified address and no mail can show it;
   *   `account_suspended`, `credentials_invalid` where the account is gone
   */
  link(
    brand: AtBrand,
    accountId: string,
    provider: Provider,
    result: SignInResult,
    actor: Actor,
    verified?: Verified,
  ): Promise<LinkOutcome>
  /**
   * Takes an identity away, unless nothing usable would be left to sign in by. As with every way in that is taken away, all other sessions
   * end: one may have begun by it.
   * @param keepSession id of the one that goes on
   */
  unlink(
    brand: AtBrand,
    accountId: string,
    key: IdentityKey,
    actor: Actor,
    keepSession?: string,
  ): Promise<UnlinkOutcome>

  /**
   * Checks a password in the same time whether or not the account is there. Where the brand's passwords are off, none is right.
   * @param client whose address is empty where nobody knows it
   * @returns undefined for an unknown address, a wrong password, an account without one, and a suspended one alike
   * @throws Refusal `rate_limited`, `busy`
   */
  checkPassword(
    brand: AtBrand,
    email: string,
    password: string,
    client: Counted,
  ): Promise<AccountWithCredentials | undefined>
  /** @param about the person's address and names, which are no secrets */
  judgePassword(password: string, about?: readonly string[]): PasswordVerdict
  /**
   * Sets or changes a password; every other session ends, and with them the links by which one could be set. `keepSession` is the one
   * that goes on.
   * @throws Refusal `busy`, `credentials_invalid` where the account is gone
   */
  setPassword(
    brand: string,
    accountId: string,
    password: string,
    actor: Actor,
    keepSession?: string,
  ): Promise<'set' | Exclude<PasswordVerdict, 'good'>>
  removePassword(brand: AtBrand, accountId: string, actor: Actor, keepSession?: string): Promise<UnlinkOutcome>

  addPasskey(
    brand: string,
    accountId: string,
    passkey: Omit<Passkey, 'accountId' | 'brand' | 'createdAt' | 'lastUsedAt'>,
    actor: Actor,
  ): Promise<'added' | 'in_use' | 'too_many'>
  /**
   * Notes that it was used.
   * @param counter as the authenticator says it now
   * @returns undefined for an unknown one, that of a suspended account, and one whose counter went back (WebAuthn Level 3 §6.1.1) alike
   */
  notePasskeyUse(
    brand: string,
    passkeyId: string,
    counter: number,
    actor: Omit<Actor, 'id'>,
  ): Promise<AccountWithCredentials | undefined>
  findByPasskey(brand: string, passkeyId: string): Promise<AccountWithCredentials | undefined>
  removePasskey(
    brand: AtBrand,
    accountId: string,
    passkeyId: string,
    actor: Actor,
    keepSession?: string,
  ): Promise<UnlinkOutcome>

  /**
   * Changes fields; no sign-in overwrites them from then on. An empty text takes a field away.
   * @throws Refusal `request_malformed` for what cannot stand in a field, and then nothing is changed
   */
  changeProfile(brand: string, accountId: string, changes: Profile, actor: Actor): Promise<void>
  /** Does nothing for a language that there is not. */
  setLanguage(brand: string, accountId: string, language: string): Promise<void>
  /**
   * Makes an account that nobody signed in to yet; its address counts as the operator's word.
   * @returns undefined where the address is taken
   * @throws Refusal `request_malformed` where it is no address
   */
  invite(
    brand: string,
    person: { email: string; name: string; groups: readonly string[] },
    actor: Actor,
  ): Promise<Account | undefined>
  suspend(brand: string, accountId: string, actor: Actor): Promise<boolean>
  resume(brand: string, accountId: string, actor: Actor): Promise<boolean>
  /** Ends sessions; `keep` is the one that goes on. */
  endSessions(brand: string, accountId: string, actor: Actor, keep?: string): Promise<void>
  delete(brand: string, accountId: string, actor: Actor): Promise<boolean>
  /** All that is kept about a person, for them to take along (GDPR Art. 15, 20); no secret in it. */
  export(brand: string, accountId: string, actor: Actor): Promise<AccountExport | undefined>
  /**
   * Makes the accounts that the configuration names and that are not there, and gives them their name and groups; what it names no more
   * is logged and left as it is.
   * @returns those that were made, for them to be invited
   */
  reconcile(): Promise<readonly Account[]>
}

/** What a person gets when they ask for their data. Times are ISO 8601. */
export interface AccountExport {
  account: Readonly<Record<string, unknown>>
  identities: readonly Readonly<Record<string, unknown>>[]
  passkeys: readonly Readonly<Record<string, unknown>>[]
  sessions: readonly Readonly<Record<string, unknown>>[]
  events: readonly Readonly<Record<string, unknown>>[]
}

/** A way to sign in that an account has, and whether it works now: its provider may be disabled, or passwords off. */
export interface WayIn {
  kind: 'identity' | 'password' | 'passkey'
  usable: boolean
  identity?: Identity
  passkey?: Passkey
}
