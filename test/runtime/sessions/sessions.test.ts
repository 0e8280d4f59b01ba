import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { RuntimeConfig } from '../../../runtime/config.ts'
import { createSessions, digest } from '../../../runtime/sessions/index.ts'
import { openSqliteStore, type Store, StoreError } from '../../../runtime/store/index.ts'
import { alice, config, ISSUER, openStage, READ_AS, route, sealer } from './stage.ts'

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

/** A person who is signed in, at the login host and at one app's, with a provider that gives no refresh token. */
async function signedIn(changed: Partial<RuntimeConfig> = {}) {
  const stage = openStage({ store, config: { ...config, ...changed } })
  const person = await stage.signIn({ ...alice, authentication: { ...alice.authentication, time: started } })
  const lives = async () => {
    const session = await person.visit()
    await stage.sessions.settled()
    return session !== undefined
  }
  return { ...stage, ...person, lives }
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

  it('goes on, as long as it would unused, while the store can be read and not written', async () => {
    const full = new StoreError('store_full', 'no room')
    const unwritable: Store = { ...store, touchSessions: () => Promise.reject(full) }
    const stage = openStage({ store: unwritable })
    const { visit } = await stage.signIn(alice)
    after(90)
    expect(await visit()).toBeDefined()
    await stage.sessions.settled()
    after(101)
    expect(await visit()).toBeUndefined()
  })

  it('is not kept alive by being looked at', async () => {
    const { sessions, child, lives } = await signedIn()
    for (const seconds of [30, 60, 90]) {
      after(seconds)
      expect(await sessions.peekAtHost(child, route.from, route)).toBeDefined()
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

  const acme = config.identityProviders['acme']
  const brand = config.brands['default']
  if (!acme || !brand) throw new Error('the configuration lost its provider or brand')

  it.each<[string, Partial<RuntimeConfig>]>([
    ['another lifetime', { session: { ...config.session, absoluteSeconds: 10 } }],
    ['a brand’s shorter lifetime', { brands: { default: { ...brand, session: { absoluteSeconds: 10 } } } }],
    ['a provider’s shorter lifetime', { identityProviders: { acme: { ...acme, session: { absoluteSeconds: 10 } } } }],
    ['a provider’s shorter idle time', { identityProviders: { acme: { ...acme, session: { idleSeconds: 10 } } } }],
    ['a brand without the provider', { brands: { default: { ...brand, identityProviders: [] } } }],
    ['a provider that is disabled', { identityProviders: { acme: { ...acme, enabled: false } } }],
  ])('ends with a configuration of %s', async (_, changed) => {
    const { child, parent, deps } = await signedIn()
    after(20)
    const sessions = createSessions({ ...deps, config: { ...config, ...changed } })
    expect(await sessions.findAtHost(child, route.from, route)).toBeUndefined()
    expect(await sessions.find(parent, 'default')).toBeUndefined()
  })

  it.each<[string, (issuer: string) => boolean, string | undefined]>([
    ['has moved to another issuer', (issuer) => issuer === 'https://other.example', undefined],
    ['speaks for several issuers', (issuer) => issuer.startsWith('https://idp.'), ISSUER],
  ])('of a provider that %s is judged by the issuer that it has', async (_, isIssuer, issuer) => {
    const { child, deps } = await signedIn()
    const provider = { isIssuer, readAs: READ_AS, refresh: () => Promise.reject(new Error('not asked')) }
    const sessions = createSessions({ ...deps, providers: new Map([['acme', provider]]) })
    expect((await sessions.findAtHost(child, route.from, route))?.issuer).toBe(issuer)
  })

  it('ends when its provider is gone from the configuration', async () => {
    const { child, parent, deps } = await signedIn()
    const sessions = createSessions({ ...deps, providers: new Map() })
    expect(await sessions.findAtHost(child, route.from, route)).toBeUndefined()
    expect(await sessions.find(parent, 'default')).toBeUndefined()
  })

  it('keeps its tokens sealed, for itself alone', async () => {
    const { sessions, parent } = await signedIn()
    const session = await sessions.find(parent, 'default')
    expect(JSON.stringify(session)).not.toContain('access-1')
    expect(sealer.open('tokens', session?.id ?? '', session?.sealedTokens ?? '')).toContain('access-1')
    expect(sealer.open('tokens', 'another', session?.sealedTokens ?? '')).toBeUndefined()
  })

  it('ends, host sessions and all, when the browser signs in anew', async () => {
    const { sessions, parent, lives } = await signedIn()
    const next = await sessions.start(alice, digest(parent))
    expect(await lives()).toBe(false)
    expect(await sessions.find(parent, 'default')).toBeUndefined()
    expect(await sessions.find(next, 'default')).toBeDefined()
  })

  it('ends at one app alone, and the parent lives on', async () => {
    const { sessions, parent, child, lives } = await signedIn()
    await sessions.endAtHost(child ?? '')
    expect(await lives()).toBe(false)
    expect(await sessions.find(parent, 'default')).toBeDefined()
  })

  it.each<[string, { sid: string } | { subject: string }, number]>([
    ['by its session id', { sid: 'sid-1' }, 1],
    ['by the person', { subject: 'alice' }, 1],
    ['of another session', { sid: 'sid-2' }, 0],
    ['of another person', { subject: 'bob' }, 0],
  ])('ends by the provider’s word %s', async (_, who, ended) => {
    const { sessions, lives } = await signedIn()
    expect(await sessions.endOf('https://other.example', who)).toBe(0)
    expect(await lives()).toBe(true)
    expect(await sessions.endOf(ISSUER, who)).toBe(ended)
    expect(await lives()).toBe(ended === 0)
  })
})

describe('a route that asks for a recent or strong sign-in', () => {
  it.each<[string, NonNullable<typeof route.signIn>, number, boolean]>([
    ['recent enough', { maxAgeSeconds: 60 }, 60, true],
    ['too long ago', { maxAgeSeconds: 60 }, 61, false],
    ['of one of the classes', { acr: ['urn:other', 'urn:strong'] }, 0, true],
    ['of another class', { acr: ['urn:stronger'] }, 0, false],
    ['strong, and too long ago', { maxAgeSeconds: 60, acr: ['urn:strong'] }, 61, false],
  ])('has people whose sign-in was %s', async (_, signIn, seconds, isThere) => {
    const { sessions, signIn: signInAs } = openStage({ store })
    const authentication = { time: started, acr: 'urn:strong', amr: [] }
    const { child, parent } = await signInAs({ ...alice, authentication })
    after(seconds)
    const strict = { ...route, signIn }
    expect((await sessions.findAtHost(child, route.from, strict)) !== undefined).toBe(isThere)
    expect((await sessions.peekAtHost(child, route.from, strict)) !== undefined).toBe(isThere)
    expect(await sessions.find(parent, 'default')).toBeDefined()
  })

  it('does not take a session whose provider named no class', async () => {
    const { sessions, child } = await signedIn()
    expect(await sessions.findAtHost(child, route.from, { ...route, signIn: { acr: ['urn:strong'] } })).toBeUndefined()
  })
})

describe('a program’s token', () => {
  async function withToken() {
    const stage = await signedIn()
    const token = (await stage.sessions.startForProgram(stage.id, route.from, started + 50_000)) ?? ''
    return { ...stage, token, works: () => stage.sessions.findForProgram(token, route.from, route) }
  }

  it('stands for the person at one route, until its time', async () => {
    const { sessions, token, works } = await withToken()
    expect((await works())?.subject).toBe('alice')
    expect(await sessions.findForProgram(token, 'https://admin.acme.example', route)).toBeUndefined()
    after(50)
    expect(await works()).toBeUndefined()
  })

  it('is no cookie, and a cookie is no token', async () => {
    const { sessions, token, child } = await withToken()
    expect(await sessions.findAtHost(token, route.from, route)).toBeUndefined()
    expect(await sessions.peekAtHost(token, route.from, route)).toBeUndefined()
    expect(await sessions.findForProgram(child ?? '', route.from, route)).toBeUndefined()
  })

  it('ends with the person’s session, and is not given out after that', async () => {
    const { sessions, parent, id, works } = await withToken()
    const session = await sessions.find(parent, 'default')
    if (session) await sessions.end(session)
    expect(await works()).toBeUndefined()
    expect(await sessions.startForProgram(id, route.from, started + 50_000)).toBeUndefined()
  })
})

describe('a session that is to end', () => {
  it('is found although it may not be used, and at its own app alone', async () => {
    const { sessions, parent, child, id } = await signedIn()
    after(150)
    expect(await sessions.findAtHost(child, route.from, route)).toBeUndefined()
    expect((await sessions.findToEndAtHost(child, route.from, 'default'))?.id).toBe(id)
    expect(await sessions.findToEndAtHost(child, 'https://admin.acme.example', 'default')).toBeUndefined()
    expect(await sessions.findToEndAtHost(child, route.from, 'another')).toBeUndefined()
    expect((await sessions.findToEnd(parent, 'default'))?.id).toBe(id)
    expect(await sessions.findToEnd(parent, 'another')).toBeUndefined()
  })
})
