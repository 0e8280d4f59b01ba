import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { randomBytes } from 'node:crypto'

import type { RouteConfig } from '../../../runtime/config.ts'
import { createSealer } from '../../../runtime/keys/index.ts'
import { createSessions, type NewSession } from '../../../runtime/sessions/index.ts'
import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'

const provider = {
  name: 'Acme',
  buttonText: 'Acme',
  issuer: 'https://idp.acme.example',
  authMethod: 'client_secret_post' as const,
  scopes: ['openid'],
  emailTrust: 'verify-with-claim' as const,
  groupsClaim: 'groups',
  allowedDomains: [],
}
const config = {
  session: { idleSeconds: 100, absoluteSeconds: 1_000 },
  brands: { default: { name: 'Acme', url: 'https://login.acme.example', identityProviders: ['acme'] } },
  identityProviders: { acme: provider },
}
const route: RouteConfig = {
  brand: 'default',
  from: 'https://hello.acme.example',
  to: 'http://hello',
  access: { allow: 'true' },
  identityProviders: ['acme'],
  websocketOrigins: [],
  allowEncodedSlash: false,
}
const alice: NewSession = {
  brand: 'default',
  identityProvider: 'acme',
  issuer: provider.issuer,
  subject: 'alice',
  sid: undefined,
  person: { id: 'p', email: '', name: 'Alice', groups: [] },
  tokens: { access: 'access-token', refresh: undefined, id: 'id-token' },
}
const sealer = createSealer(new Map([['k1', randomBytes(32)]]))

let store: Store
const started = Date.UTC(2026, 0, 1)
const after = (seconds: number) => vi.setSystemTime(started + seconds * 1_000)
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: started })
  store = openSqliteStore(':memory:')
})
afterEach(async () => {
  vi.useRealTimers()
  await store.close()
})

/** A person who is signed in, at the login host and at one app's. */
async function signedIn(sessions = createSessions(store, sealer, config, () => undefined)) {
  const parent = await sessions.start(alice, undefined)
  const session = await sessions.find(parent, 'default')
  const child = await sessions.startAtHost(session?.id ?? '', 'hello', undefined)
  return {
    sessions,
    parent,
    child,
    lives: async () => (await sessions.findAtHost(child, 'hello', route)) !== undefined,
  }
}

describe('a session', () => {
  it('ends when it is not used, and lives on while it is', async () => {
    const { lives } = await signedIn()
    for (const seconds of [90, 180, 270]) {
      after(seconds)
      expect(await lives()).toBe(true)
    }
    after(371)
    expect(await lives()).toBe(false)
  })

  it('is not kept alive by being looked at', async () => {
    const { sessions, child, lives } = await signedIn()
    for (const seconds of [30, 60, 90]) {
      after(seconds)
      expect(await sessions.peekAtHost(child, 'hello', route)).toBeDefined()
    }
    after(101)
    expect(await lives()).toBe(false)
  })

  it('ends at its time however much it is used', async () => {
    const { lives } = await signedIn()
    for (let seconds = 90; seconds < 1_000; seconds += 90) {
      after(seconds)
      expect(await lives()).toBe(true)
    }
    after(1_000)
    expect(await lives()).toBe(false)
  })

  it.each([
    ['another lifetime', { ...config, session: { idleSeconds: 100, absoluteSeconds: 10 } }],
    ['another issuer', { ...config, identityProviders: { acme: { ...provider, issuer: 'https://other.example' } } }],
    ['without the provider', { ...config, identityProviders: {} }],
    [
      'a brand without the provider',
      { ...config, brands: { default: { ...config.brands.default, identityProviders: [] } } },
    ],
  ])('ends with a configuration of %s', async (_, next) => {
    const { child, parent } = await signedIn()
    after(20)
    const sessions = createSessions(store, sealer, next, () => undefined)
    expect(await sessions.findAtHost(child, 'hello', route)).toBeUndefined()
    expect(await sessions.find(parent, 'default')).toBeUndefined()
  })

  it('keeps its tokens sealed, for itself alone', async () => {
    const { sessions, parent } = await signedIn()
    const session = await sessions.find(parent, 'default')
    expect(JSON.stringify(session)).not.toContain('access-token')
    expect(sealer.open('tokens', session?.id ?? '', session?.sealedTokens ?? '')).toContain('access-token')
    expect(sealer.open('tokens', 'another', session?.sealedTokens ?? '')).toBeUndefined()
  })

  it('says that it ended, whoever ended it', async () => {
    const ended = vi.fn<() => void>()
    const { sessions, parent } = await signedIn(createSessions(store, sealer, config, ended))
    const next = await sessions.start(alice, parent)
    expect(ended).toHaveBeenCalledTimes(1)
    const session = await sessions.find(next, 'default')
    if (session) await sessions.end(session)
    expect(ended).toHaveBeenCalledTimes(2)
    expect(await sessions.find(next, 'default')).toBeUndefined()
  })
})
