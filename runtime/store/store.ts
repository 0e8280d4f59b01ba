import type { ClaimValue } from '../policy/index.ts'
import type { AccountStore, Page } from './accounts.ts'

/** The person that a session belongs to, as the identity provider described them at sign-in. */
export interface Person {
  /** Stable and unique over all identity providers; made from issuer and subject, never from an address. */
  id: string
  /** Empty unless verified and inside the provider's allowed domains. */
  email: string
  name: string
  groups: readonly string[]
  /** What the provider's `claims` keeps, 4 KiB at most. */
  claims: Readonly<Record<string, ClaimValue>>
  /** Whether `email` is verified by a mail of ours instead of the provider's word: a refresh keeps it while the provider says the same one. */
  emailByMail?: boolean
  /** Digest of the provider's settings that the claims were read by; empty in sessions of versions that did not note it. */
  readAs: string
}

/** The session at a brand's login host: the parent of a session at each app's host. Times are milliseconds since 1970. */
export interface Session {
  /** SHA-256 of the cookie's value, base64url; the value itself is never stored. */
  id: string
  brand: string
  identityProvider: string
  issuer: string
  subject: string
  /** The provider's own session id (`sid`), where it gave one. */
  sid: string | undefined
  person: Person
  authentication: Authentication
  /** The provider's tokens, sealed; kept nowhere else. */
  sealedTokens: string
  /** Of the account that it is a session of; empty in sessions from before there were accounts. */
  accountId: string
  /** What it began in, for its owner to know it by. */
  device: Device
  /** Absent where the provider gave no refresh token: it is never asked again. */
  refresh: RefreshState | undefined
  /** 1 at the start, one more with each change of person, authentication, tokens or refresh. */
  version: number
  createdAt: number
  seenAt: number
  /** When it ends whatever happens. */
  expiresAt: number
}

/** A browser as it showed itself at sign-in; both empty where nobody knows. */
export interface Device {
  address: string
  /** User-Agent, 256 characters at most. */
  userAgent: string
}

/** How somebody signed in (OpenID Connect Core §2: `auth_time`, `acr`, `amr`). */
export interface Authentication {
  /** When a credential was shown, milliseconds since 1970; 0 where the provider does not say, so that no sign-in looks fresh. */
  time: number
  acr: string | undefined
  amr: readonly string[]
}

/** What is known of the provider's last word about a session. Times are milliseconds since 1970. */
export interface RefreshState {
  /** From then on the provider is asked for new tokens. */
  dueAt: number
  /** The session is over when the provider has not been heard by then. */
  failsAt: number
  /**
   * When somebody began to ask and did not say how it ended: the refresh token may be used up, so that a refusal proves
   * nothing about the person.
   */
  startedAt: number | undefined
  /** The `readAs` of the provider that was last asked; absent while none was. */
  askedAs?: string
}

/** What changes in a session as a whole when its provider was asked. */
export type SessionChange = Partial<Pick<Session, 'person' | 'authentication' | 'sealedTokens' | 'refresh'>>

/**
 * Whose sessions a provider has ended: one session by its `sid`, with those of the person that the provider gave no `sid`;
 * or all of a person's.
 */
export type EndedAtProvider = { sid: string; subject?: string } | { subject: string }

/** The session at one app's host. It lives as long as its parent. */
export interface HostSession {
  /** SHA-256 of the cookie's value, or of the token, base64url. */
  id: string
  parentId: string
  /** Of the host that it counts at. */
  origin: string
  /** A browser's is a cookie; a program's is a bearer token that a person gave it by the CLI sign-in. */
  holder: 'browser' | 'program'
  /** Earlier than its parent, where it is given. */
  expiresAt: number | undefined
}

/** A form's body that waits for its sender to sign in. */
export interface KeptBody {
  /** SHA-256 of the value in the address, base64url. */
  id: string
  /** Of the host that it was sent to. */
  origin: string
  /** SHA-256 of the binding cookie of the browser that sent it, base64url. */
  bindingHash: string
  /** Path and query that it was sent to. */
  target: string
  /** Sealed, like tokens. */
  sealedBody: string
  expiresAt: number
}

/** A promise of a host session, for the browser that asked, once. */
export interface HandOver {
  /** SHA-256 of the code, base64url. */
  id: string
  parentId: string
  brand: string
  /** Of the host that asked. */
  origin: string
  /** SHA-256 of the binding cookie of the browser that asked, base64url. */
  bindingHash: string
  /** Path and query to go on to. */
  returnTo: string
  expiresAt: number
}

/** Which sessions are listed. */
export interface SessionFilter {
  brand?: string
  accountId?: string
}

/**
 * What must survive a restart. Every method but `removeExpired` is one atomic step; a failure of the store rejects with the store's own
 * error, and the caller denies.
 */
export interface Store extends AccountStore {
  /**
   * Adds a session and, in the same step, ends `replacesId` with all its host sessions.
   * @returns false, and does nothing, where its account is gone or suspended by now
   */
  insertSession(session: Session, replacesId?: string): Promise<boolean>
  /** Expired sessions are returned as well: lifetimes are the caller's to judge. */
  findSession(id: string): Promise<Session | undefined>
  /** Notes that sessions were used, unless they were later; passes over those that are gone. */
  touchSessions(ids: readonly string[], seenAt: number): Promise<void>
  /**
   * Changes a session if it is still the one that was read.
   * @param version of the session as it was read
   * @returns false, and changes nothing, when it was changed meanwhile or is gone
   */
  updateSession(id: string, version: number, change: SessionChange): Promise<boolean>
  /** Ends a session with all its host sessions; does nothing when it is gone. */
  deleteSession(id: string): Promise<void>
  /**
   * Ends all sessions that a provider means by its own session id, or by the person.
   * @returns how many ended
   */
  deleteSessionsOf(issuer: string, who: EndedAtProvider): Promise<number>
  /** Live and expired sessions, the newest first. @param after `next` of the part before */
  listSessions(filter: SessionFilter, limit: number, after?: string): Promise<Page<Session>>
  /** Some sessions whose tokens are sealed under another key than `key`: the name in front of `sealedTokens` is not it. */
  findSealedOtherwise(key: string, limit: number): Promise<Pick<Session, 'id' | 'version' | 'sealedTokens'>[]>
  /** @returns false, and adds nothing, when the parent is gone */
  insertHostSession(session: HostSession): Promise<boolean>
  /** The host session with its parent, or nothing when either is gone. */
  findHostSession(id: string): Promise<{ hostSession: HostSession; session: Session } | undefined>
  /** Ends one host session and leaves its parent; does nothing when it is gone. */
  deleteHostSession(id: string): Promise<void>
  insertHandOver(handOver: HandOver): Promise<void>
  /** Takes a hand-over out: of any number of callers with the same id, one gets it. Expired ones are not given out. */
  takeHandOver(id: string, now: number): Promise<HandOver | undefined>
  insertKeptBody(body: KeptBody): Promise<void>
  /** Takes a kept body out, as `takeHandOver` does. */
  takeKeptBody(id: string, now: number): Promise<KeptBody | undefined>
  /**
   * Takes a lease that is free or over, or renews one's own.
   * @param holder unguessable, one for each time that somebody holds a lease
   * @returns false when somebody else holds it
   */
  holdLease(name: string, holder: string, now: number, until: number): Promise<boolean>
  /** Gives a lease back; does nothing where somebody else holds it. */
  releaseLease(name: string, holder: string): Promise<void>
  /**
   * Counts an event, over all replicas.
   * @param windowMs length of a window; windows begin at multiples of it
   * @returns how many there were in the present window, with this one
   */
  countEvent(key: string, windowMs: number, now: number): Promise<number>
  /**
   * Tells of sessions and host sessions that ended, and of host sessions whose parent changed (person, authentication,
   * refresh), here or at another replica, within a second; `everything` when it cannot tell which.
   * @returns what ends the telling
   */
  onChanged(listener: (ids: readonly string[] | 'everything') => void): () => void
  /** Milliseconds: what ended or changed longer ago than that has been told. It grows while the store does not answer. */
  untoldFor(): number
  /** Notes that `id` was used. @returns true the first time, false ever after until `expiresAt` */
  useOnce(id: string, expiresAt: number): Promise<boolean>
  /** Removes what is over: sessions past `expiresAt` or not seen since `idleSince`, everything else past its own. */
  removeExpired(now: number, idleSince: number): Promise<void>
  close(): Promise<void>
}
