import { setTimeout as wait } from 'node:timers/promises'

import type { Logger } from 'pino'

import { OWN_ACCOUNTS } from '../config.ts'
import type { Sealer } from '../keys/index.ts'
import type { Provider, ProviderTokens } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { EndedAtProvider, Session, Store } from '../store/index.ts'
import { type LifetimeConfig, lifetimesOf } from './lifetimes.ts'
import { createFinder, type SessionDemands } from './finder.ts'
import { withLease } from './lease.ts'
import { digest, newOpaqueValue } from './opaque.ts'
import { ownAccountsProvider } from './own-accounts.ts'
import { createRefresher, refreshLease } from './refresh.ts'
import { stateAfterIssue } from './refresh-state.ts'
import { type Resealed, resealSome } from './reseal.ts'
import { openTokens, sealTokens } from './tokens.ts'
import { createUses } from './uses.ts'

/** A new session as sign-in knows it; id and times are given here, and the tokens are sealed for that id. */
export type NewSession = Pick<
  Session,
  'brand' | 'identityProvider' | 'issuer' | 'subject' | 'sid' | 'person' | 'authentication' | 'accountId' | 'device'
> & {
  /** Undefined where no provider gave any: in sessions of the gateway's own accounts. */
  tokens: ProviderTokens | undefined
  /** Milliseconds since 1970; undefined where the provider does not say. */
  accessExpiresAt: number | undefined
}

/** Sealed as others are, so that what is sealed under an older key is told in one way. */
const NO_TOKENS: ProviderTokens = { access: '', refresh: undefined, id: '' }

/** A process that ends waits for what is under way, and not for a provider or store that does not answer. */
const SETTLED_MS = 5_000

/** Of a User-Agent, in characters: who writes a longer one is known by its beginning. */
const MAX_USER_AGENT = 256

/** Starting, finding and ending sessions; the only place that judges whether one still lives. */
export interface Sessions {
  /**
   * @param replaces id of the session that the browser had before; it ends in the same step
   * @returns the cookie's value
   * @throws Refusal `account_suspended` where the account is not there, or suspended, by now
   */
  start(session: NewSession, replaces: string | undefined): Promise<string>
  /**
   * Gives a session a new id: the old one ends, and every app's with it. The provider is not asked for new tokens meanwhile.
   * @param id of the session
   * @returns the cookie's value; nothing where the session is gone, its tokens cannot be opened here, or its provider is being asked
   *   right now, which leaves it as it is
   */
  renew(id: string): Promise<string | undefined>
  /** The live session of a brand's login host, or nothing. */
  find(cookie: string | undefined, brand: string): Promise<Session | undefined>
  /** @returns the cookie's value, or nothing when the parent is gone */
  startAtHost(parentId: string, origin: string, previousCookie: string | undefined): Promise<string | undefined>
  /**
   * The live session behind the cookie of an app's host, or nothing. All routes of a host share one; what is demanded of it
   * is each route's own.
   * @param origin of the host
   */
  findAtHost: (cookie: string | undefined, origin: string, demands: SessionDemands) => Promise<Session | undefined>
  /** Like `findAtHost`, without counting as a use, and without waiting for the provider. */
  peekAtHost: Sessions['findAtHost']
  /** Ends the session at one app's host and leaves its parent. */
  endAtHost(cookie: string): Promise<void>
  /**
   * Lets a program act for a person at one host.
   * @param expiresAt milliseconds since 1970; it ends with its parent in any case
   * @returns the token, or nothing when the parent is gone
   */
  startForProgram(parentId: string, origin: string, expiresAt: number): Promise<string | undefined>
  /** Like `findAtHost`, for a program's token. A cookie is no token, and a token no cookie. */
  findForProgram(token: string, origin: string, demands: SessionDemands): Promise<Session | undefined>
  /** Like `findForProgram`, without counting as a use, and without waiting for the provider. */
  peekForProgram: Sessions['findForProgram']
  /**
   * The session behind a login host's cookie that is to end, whether or not it may be used now: its provider may only be
   * silent for a while, and then it would live again.
   */
  findToEnd(cookie: string | undefined, brand: string): Promise<Session | undefined>
  /** Like `findToEnd`, by an app's cookie. */
  findToEndAtHost: (cookie: string | undefined, origin: string, brand: string) => Promise<Session | undefined>
  /** Ends the session and, with it, every app's. */
  end(session: Session): Promise<void>
  /**
   * Ends what an identity provider says has ended, at every brand.
   * @returns how many sessions
   */
  endOf(issuer: string, who: EndedAtProvider): Promise<number>
  /** Removes what is over from the store, and seals all tokens anew that are sealed under an older key. */
  sweep(): Promise<void>
  /**
   * Resolves when uses are noted and no provider is being asked any more, after five seconds at most: what it gives should be
   * written before the process ends.
   */
  settled(): Promise<void>
}

/** What sessions work with; one for each release of the configuration. */
export interface SessionsDeps {
  store: Store
  sealer: Sealer
  /** Lifetimes, and which providers still count: a session ends with what it was made by. */
  config: LifetimeConfig
  providers: ReadonlyMap<string, Pick<Provider, 'refresh' | 'isIssuer' | 'readAs'>>
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** Whoever wants to hear of endings listens to the store, which knows of all replicas'. */
export function createSessions({ store, sealer, config, providers, log }: SessionsDeps): Sessions {
  const graceMs = config.session.refreshGraceSeconds * 1_000
  const refresher = createRefresher({ store, sealer, providers, log, graceMs })
  const issuers = new Map([...providers, [OWN_ACCOUNTS, ownAccountsProvider(config.brands)]])
  const uses = createUses(store, log)
  const finder = createFinder({ store, config, providers: issuers, refresher, uses })
  let unreadable = 0

  return {
    async start({ tokens = NO_TOKENS, accessExpiresAt, device, ...session }, replaces) {
      const value = newOpaqueValue()
      const id = digest(value)
      const now = Date.now()
      const state = {
        id,
        device: { ...device, userAgent: device.userAgent.slice(0, MAX_USER_AGENT).toWellFormed() },
        sealedTokens: sealTokens(sealer, id, tokens),
        refresh: tokens.refresh === undefined ? undefined : stateAfterIssue(accessExpiresAt, now, graceMs),
        version: 1,
        createdAt: now,
        seenAt: now,
        expiresAt: now + lifetimesOf(config, session).absoluteMs,
      }
      if (!(await store.insertSession({ ...session, ...state }, replaces))) {
        throw new Refusal('account_suspended', 'the account was suspended or deleted while its person signed in')
      }
      return value
    },
    async renew(id) {
      const renewed = await withLease(store, refreshLease(id), async () => {
        const session = await store.findSession(id)
        const tokens = session && openTokens(sealer, session)
        if (!tokens) return undefined
        const value = newOpaqueValue()
        const next = {
          ...session,
          id: digest(value),
          sealedTokens: sealTokens(sealer, digest(value), tokens),
          version: 1,
        }
        return (await store.insertSession(next, id)) ? value : undefined
      })
      return renewed.outcome === 'done' ? renewed.result : undefined
    },
    async find(cookie, brand) {
      const session = cookie === undefined ? undefined : await store.findSession(digest(cookie))
      return session?.brand === brand ? finder.used(await finder.usable(session, 'wait')) : undefined
    },
    async startAtHost(parentId, origin, previousCookie) {
      const value = newOpaqueValue()
      if (previousCookie !== undefined) await store.deleteHostSession(digest(previousCookie))
      const child = { id: digest(value), parentId, origin, holder: 'browser', expiresAt: undefined } as const
      return (await store.insertHostSession(child)) ? value : undefined
    },
    async findAtHost(cookie, origin, demands) {
      return cookie === undefined
        ? undefined
        : finder.used(await finder.atHost(cookie, { holder: 'browser', origin, demands }, 'wait'))
    },
    async peekAtHost(cookie, origin, demands) {
      return cookie === undefined
        ? undefined
        : finder.atHost(cookie, { holder: 'browser', origin, demands }, 'do not wait')
    },
    endAtHost: (cookie) => store.deleteHostSession(digest(cookie)),
    async startForProgram(parentId, origin, expiresAt) {
      const token = newOpaqueValue()
      const child = { id: digest(token), parentId, origin, holder: 'program', expiresAt } as const
      return (await store.insertHostSession(child)) ? token : undefined
    },
    findForProgram: async (token, origin, demands) =>
      finder.used(await finder.atHost(token, { holder: 'program', origin, demands }, 'wait')),
    peekForProgram: (token, origin, demands) =>
      finder.atHost(token, { holder: 'program', origin, demands }, 'do not wait'),
    async findToEnd(cookie, brand) {
      const session = cookie === undefined ? undefined : await store.findSession(digest(cookie))
      return session?.brand === brand ? session : undefined
    },
    async findToEndAtHost(cookie, origin, brand) {
      const found = cookie === undefined ? undefined : await store.findHostSession(digest(cookie))
      const isIts = found?.hostSession.origin === origin && found.hostSession.holder === 'browser'
      return isIts && found.session.brand === brand ? found.session : undefined
    },
    end: (session) => store.deleteSession(session.id),
    endOf: (issuer, who) => store.deleteSessionsOf(issuer, who),
    async sweep() {
      // Whoever came back a moment ago is not idle.
      await briefly(uses.settled())
      const now = Date.now()
      await store.removeExpired(now, now - config.session.idleSeconds * 1_000)
      // One replica at a time: while a deployment goes round, two may each think another key the first one.
      await withLease(store, 'reseal', async () => {
        let round: Resealed
        do {
          round = await resealSome(store, sealer, unreadable)
          unreadable = round.unreadable
          if (round.resealed > 0) log.info(round, 'Sealed tokens anew')
          // Until none is left: the old key leaves some minutes after the new one came, however many sessions there are.
        } while (round.resealed > 0)
        if (round.unreadable > 0) log.warn(round, 'Some sessions are sealed under keys that are not there')
      })
    },
    settled: () => briefly(Promise.all([uses.settled(), refresher.settled()])),
  }
}

/** Waits for something, for five seconds at most. */
async function briefly(work: Promise<unknown>): Promise<void> {
  const late = new AbortController()
  await Promise.race([work, wait(SETTLED_MS, undefined, { signal: late.signal })])
  late.abort()
}
