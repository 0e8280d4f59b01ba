import type { RouteConfig } from '../config.ts'
import type { Provider } from '../providers/index.ts'
import type { HostSession, Session, Store } from '../store/index.ts'
import { isLive, type LifetimeConfig, lifetimesOf } from './lifetimes.ts'
import { meetsSignIn } from './meets-sign-in.ts'
import { digest } from './opaque.ts'
import type { Refresher } from './refresh.ts'
import { type RefreshNeed, sessionNeed } from './refresh-state.ts'
import { touchIntervalMs } from './usable-until.ts'
import type { Uses } from './uses.ts'

/** Whether a session whose provider must be heard first is waited for. */
export type Patience = 'wait' | 'do not wait'

/** What a session must be to count: of this brand, signed in by one of these providers, and as it is wanted. */
export type SessionDemands = Pick<RouteConfig, 'brand' | 'identityProviders' | 'signIn'>

/** Who asks for a session at an app's host. */
export interface AtHost {
  holder: HostSession['holder']
  origin: string
  demands: SessionDemands
}

/** Finds sessions that may be used now. */
export interface Finder {
  /** The session as it may be used now, or nothing; one that is due is refreshed meanwhile. */
  usable(session: Session, patience: Patience): Promise<Session | undefined>
  /** @param value of the cookie or token */
  atHost(value: string, at: AtHost, patience: Patience): Promise<Session | undefined>
  /** Notes that a session was used, where that is not known yet. */
  used(session: Session | undefined): Session | undefined
}

export interface FinderDeps {
  store: Store
  config: LifetimeConfig
  providers: ReadonlyMap<string, Pick<Provider, 'isIssuer' | 'readAs'>>
  refresher: Refresher
  uses: Uses
}

/** The only place that judges whether a session still lives. */
export function createFinder({ store, config, providers, refresher, uses }: FinderDeps): Finder {
  const isOfProvider = (id: string, issuer: string): boolean => providers.get(id)?.isIssuer(issuer) === true
  const isAlive = (session: Session): boolean => isLive(session, config, isOfProvider, Date.now())
  const needOf = (session: Session): RefreshNeed =>
    sessionNeed(session, providers.get(session.identityProvider)?.readAs, Date.now())

  async function refreshed(session: Session): Promise<Session | undefined> {
    await refresher.andWait(session)
    const fresh = await store.findSession(session.id)
    if (!fresh || !isAlive(fresh)) return undefined
    const need = needOf(fresh)
    return need === 'none' || need === 'background' ? fresh : undefined
  }

  async function usable(session: Session, patience: Patience): Promise<Session | undefined> {
    if (!isAlive(session)) return undefined
    switch (needOf(session)) {
      case 'none':
        return session
      case 'background':
        refresher.inBackground(session)
        return session
      case 'wait':
        if (patience === 'wait') return refreshed(session)
        refresher.inBackground(session)
        return undefined
      case 'over':
        return undefined
    }
  }

  return {
    usable,
    async atHost(value, { holder, origin, demands }, patience) {
      const found = await store.findHostSession(digest(value))
      if (!found || found.hostSession.origin !== origin || found.hostSession.holder !== holder) return undefined
      if (Date.now() >= (found.hostSession.expiresAt ?? Infinity)) return undefined
      const { brand, identityProvider } = found.session
      if (brand !== demands.brand || !demands.identityProviders.includes(identityProvider)) return undefined
      const session = await usable(found.session, patience)
      return session && meetsSignIn(session, demands, Date.now()) ? session : undefined
    },
    used(session) {
      if (!session) return undefined
      const now = Date.now()
      const { idleMs } = lifetimesOf(config, session)
      if (now - session.seenAt <= touchIntervalMs(idleMs)) return session
      uses.note(session.id)
      return { ...session, seenAt: now }
    },
  }
}
