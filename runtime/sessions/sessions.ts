import type { RouteConfig, RuntimeConfig } from '../config.ts'
import type { Sealer } from '../keys/index.ts'
import type { Session, Store } from '../store/index.ts'
import { digest, newOpaqueValue } from './opaque.ts'

/** A use is noted at most this often, so that reading does not write. */
const TOUCH_INTERVAL_MS = 60_000

/** A new session as sign-in knows it; id and times are given here, and the tokens are sealed for that id. */
export type NewSession = Omit<Session, 'id' | 'createdAt' | 'seenAt' | 'expiresAt' | 'sealedTokens'> & {
  tokens: ProviderTokens
}

/** What the provider issued; it never leaves the store but sealed. */
export interface ProviderTokens {
  access: string
  refresh: string | undefined
  id: string
}

/** Starting, finding and ending sessions; the only place that judges whether one still lives. */
export interface Sessions {
  /** @returns the cookie's value; the session that the browser had before ends in the same step */
  start(session: NewSession, previousCookie: string | undefined): Promise<string>
  /** The live session of a brand's login host, or nothing. */
  find(cookie: string | undefined, brand: string): Promise<Session | undefined>
  /** @returns the cookie's value, or nothing when the parent is gone */
  startAtHost(parentId: string, route: string, previousCookie: string | undefined): Promise<string | undefined>
  /** The live session behind an app's cookie, or nothing: of this route, this brand and a provider that the route accepts. */
  findAtHost: (cookie: string | undefined, routeId: string, route: RouteConfig) => Promise<Session | undefined>
  /** Like `findAtHost`, without counting as a use. */
  peekAtHost: Sessions['findAtHost']
  /** Ends the session and, with it, every app's. */
  end(session: Session): Promise<void>
  /** Removes what is over from the store. */
  sweep(): Promise<void>
}

/**
 * @param config lifetimes, and which providers still count: a session ends with what it was made by
 * @param onEnd called after sessions were ended by somebody, for what was opened in their name
 */
export function createSessions(
  store: Store,
  sealer: Sealer,
  config: Pick<RuntimeConfig, 'session' | 'brands' | 'identityProviders'>,
  onEnd: () => void,
): Sessions {
  const idleMs = config.session.idleSeconds * 1_000
  const absoluteMs = config.session.absoluteSeconds * 1_000

  function isLive(session: Session, now: number): boolean {
    const { identityProvider: provider } = session
    return (
      now < Math.min(session.expiresAt, session.createdAt + absoluteMs) &&
      now - session.seenAt < idleMs &&
      config.identityProviders[provider]?.issuer === session.issuer &&
      config.brands[session.brand]?.identityProviders.includes(provider) === true
    )
  }

  async function seen(session: Session, now: number): Promise<Session> {
    if (now - session.seenAt > Math.min(TOUCH_INTERVAL_MS, idleMs / 4)) await store.touchSession(session.id, now)
    return session
  }

  async function peekAtHost(cookie: string | undefined, routeId: string, route: RouteConfig) {
    if (cookie === undefined) return undefined
    const found = await store.findHostSession(digest(cookie))
    if (!found || found.hostSession.route !== routeId) return undefined
    const { session } = found
    const counts = session.brand === route.brand && route.identityProviders.includes(session.identityProvider)
    return counts && isLive(session, Date.now()) ? session : undefined
  }

  return {
    async start({ tokens, ...session }, previousCookie) {
      const value = newOpaqueValue()
      const id = digest(value)
      const now = Date.now()
      const sealedTokens = sealer.seal('tokens', id, JSON.stringify(tokens))
      await store.insertSession(
        {
          ...session,
          id,
          sealedTokens,
          createdAt: now,
          seenAt: now,
          expiresAt: now + absoluteMs,
        },
        previousCookie === undefined ? undefined : digest(previousCookie),
      )
      if (previousCookie !== undefined) onEnd()
      return value
    },
    async find(cookie, brand) {
      if (cookie === undefined) return undefined
      const session = await store.findSession(digest(cookie))
      const now = Date.now()
      return session && session.brand === brand && isLive(session, now) ? seen(session, now) : undefined
    },
    async startAtHost(parentId, route, previousCookie) {
      const value = newOpaqueValue()
      if (previousCookie !== undefined) await store.deleteHostSession(digest(previousCookie))
      return (await store.insertHostSession({ id: digest(value), parentId, route })) ? value : undefined
    },
    async findAtHost(cookie, routeId, route) {
      const session = await peekAtHost(cookie, routeId, route)
      return session && seen(session, Date.now())
    },
    peekAtHost,
    async end(session) {
      await store.deleteSession(session.id)
      onEnd()
    },
    sweep: () => store.removeExpired(Date.now(), Date.now() - idleMs),
  }
}
