/** The person that a session belongs to, as the identity provider described them at sign-in. */
export interface Person {
  /** Stable and unique over all identity providers; made from issuer and subject, never from an address. */
  id: string
  /** Empty unless verified and inside the provider's allowed domains. */
  email: string
  name: string
  groups: readonly string[]
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
  /** The provider's tokens, sealed; kept nowhere else. */
  sealedTokens: string
  createdAt: number
  seenAt: number
  /** When it ends whatever happens. */
  expiresAt: number
}

/** The session at one app's host. It lives as long as its parent. */
export interface HostSession {
  /** SHA-256 of the cookie's value, base64url. */
  id: string
  parentId: string
  route: string
}

/** A promise of a host session, for the browser that asked, once. */
export interface HandOver {
  /** SHA-256 of the code, base64url. */
  id: string
  parentId: string
  brand: string
  route: string
  /** SHA-256 of the binding cookie of the browser that asked, base64url. */
  bindingHash: string
  /** Path and query to go on to. */
  returnTo: string
  expiresAt: number
}

/**
 * What must survive a restart. Every method is one atomic step; a failure of the store rejects with the store's own
 * error, and the caller denies.
 */
export interface Store {
  /** Adds a session and, in the same step, ends `replacesId` with all its host sessions. */
  insertSession(session: Session, replacesId?: string): Promise<void>
  /** Expired sessions are returned as well: lifetimes are the caller's to judge. */
  findSession(id: string): Promise<Session | undefined>
  /** Notes that the session was used; does nothing when it is gone. */
  touchSession(id: string, seenAt: number): Promise<void>
  /** Ends a session with all its host sessions; does nothing when it is gone. */
  deleteSession(id: string): Promise<void>
  /** @returns false, and adds nothing, when the parent is gone */
  insertHostSession(session: HostSession): Promise<boolean>
  /** The host session with its parent, or nothing when either is gone. */
  findHostSession(id: string): Promise<{ hostSession: HostSession; session: Session } | undefined>
  /** Ends one host session and leaves its parent; does nothing when it is gone. */
  deleteHostSession(id: string): Promise<void>
  insertHandOver(handOver: HandOver): Promise<void>
  /** Takes a hand-over out: of any number of callers with the same id, one gets it. Expired ones are not given out. */
  takeHandOver(id: string, now: number): Promise<HandOver | undefined>
  /** Notes that `id` was used. @returns true the first time, false ever after until `expiresAt` */
  useOnce(id: string, expiresAt: number): Promise<boolean>
  /** Removes what is over: sessions past `expiresAt` or not seen since `idleSince`, hand-overs and used ids past theirs. */
  removeExpired(now: number, idleSince: number): Promise<void>
  close(): Promise<void>
}
