import { randomBytes } from 'node:crypto'

import { vi } from 'vitest'

import type { RouteConfig } from '../../../runtime/config.ts'
import { createSealer } from '../../../runtime/keys/index.ts'
import type { ProviderTokens, RefreshOutcome } from '../../../runtime/providers/index.ts'
import { createSessions, digest, type NewSession, type SessionsDeps } from '../../../runtime/sessions/index.ts'
import { openSqliteStore, type Session, type Store } from '../../../runtime/store/index.ts'
import { baseConfig, forwardTo } from '../../support/release.ts'

export const ISSUER = 'https://idp.acme.example'

/** How the provider's claims are read. */
export const READ_AS = 'read-as-now'

export const config = {
  ...baseConfig({ listenPort: 1, adminPort: 2, appPort: 3, issuer: ISSUER }),
  session: { idleSeconds: 100, absoluteSeconds: 1_000, refreshGraceSeconds: 200 },
}

export const route: RouteConfig = {
  brand: 'default',
  from: 'https://hello.acme.example',
  path: { prefix: '/' },
  action: forwardTo('http://hello'),
  access: { allow: 'true' },
  identityProviders: ['acme'],
  websocketOrigins: [],
  allowEncodedSlash: false,
  bearer: [],
  publicPaths: [],
  corsPreflight: false,
  identity: { assertion: 'cached', claims: [], headers: {}, pomerium: false, bearer: false },
}

/** Someone whose provider gives no refresh token. */
export const alice: NewSession = {
  brand: 'default',
  identityProvider: 'acme',
  issuer: ISSUER,
  subject: 'alice',
  sid: 'sid-1',
  person: { id: 'p', email: '', name: 'Alice', groups: ['staff'], claims: {}, readAs: READ_AS },
  authentication: { time: 0, acr: undefined, amr: [] },
  accountId: '',
  device: { address: '203.0.113.7', userAgent: 'a browser' },
  tokens: { access: 'access-1', refresh: undefined, id: 'id-1' },
  accessExpiresAt: undefined,
}

export const tokens = (count: number): ProviderTokens => ({
  access: `access-${count}`,
  refresh: `refresh-${count}`,
  id: `id-${count}`,
})

/** A provider that is asked for new tokens: each answer is decided by the test. */
export function fakeProvider(
  answer: (presented: ProviderTokens) => RefreshOutcome | Promise<RefreshOutcome>,
  readAs = READ_AS,
) {
  const asked: ProviderTokens[] = []
  return {
    asked,
    readAs,
    isIssuer: (issuer: string) => issuer === ISSUER,
    refresh: async (presented: ProviderTokens) => {
      asked.push(presented)
      return answer(presented)
    },
  }
}

/** Gives new tokens each time, that live for so many seconds, and a person who has moved to other groups. */
export function renewing(seconds: number, readAs = READ_AS): () => RefreshOutcome {
  let count = 1
  return () => {
    count += 1
    return {
      outcome: 'renewed',
      person: { ...alice.person, groups: [`group-${count}`], readAs },
      authentication: { time: 7, acr: 'urn:strong', amr: ['otp'] },
      tokens: tokens(count),
      accessExpiresAt: Date.now() + seconds * 1_000,
    }
  }
}

export const sealer = createSealer(new Map([['k1', randomBytes(32)]]))

/** Sessions on a real store in memory. */
export function openStage(overrides: Partial<SessionsDeps> = {}) {
  const store: Store = overrides.store ?? openSqliteStore(':memory:')
  const log = { info: vi.fn<() => void>(), warn: vi.fn<() => void>(), error: vi.fn<() => void>() }
  const provider = fakeProvider(renewing(100))
  const deps = { store, sealer, config, providers: new Map([['acme', provider]]), log, ...overrides }
  const sessions = createSessions(deps)
  return {
    store,
    sessions,
    deps,
    log,
    /** Someone who signed in at the login host and at one app's, with tokens that live for 100 seconds. */
    signIn: async (person: Partial<NewSession> = {}) => {
      const given = { ...alice, tokens: tokens(1), accessExpiresAt: Date.now() + 100_000, ...person }
      const parent = await sessions.start(given, undefined)
      const child = await sessions.startAtHost(digest(parent), route.from, undefined)
      const stored = async (): Promise<Session> => {
        const session = await store.findSession(digest(parent))
        if (!session) throw new Error('the session is gone')
        return session
      }
      return { parent, child, id: digest(parent), stored, visit: () => sessions.findAtHost(child, route.from, route) }
    },
  }
}
