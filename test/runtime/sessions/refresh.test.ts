import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { ProviderTokens, RefreshOutcome } from '../../../runtime/providers/index.ts'
import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'
import { createSealer } from '../../../runtime/keys/index.ts'
import { alice, config, fakeProvider, openStage, renewing, route, sealer } from './stage.ts'

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

/** Sessions whose idle time is no matter here, and a provider that answers as it is told. */
function withProvider(answer: Parameters<typeof fakeProvider>[0]) {
  const provider = fakeProvider(answer)
  const patient = { ...config, session: { idleSeconds: 100_000, absoluteSeconds: 100_000, refreshGraceSeconds: 200 } }
  return { provider, ...openStage({ store, config: patient, providers: new Map([['acme', provider]]) }) }
}

/** Somebody begins to ask and is killed. */
async function killWhileAsking(answer: Parameters<typeof fakeProvider>[0]) {
  const stage = withProvider(answer)
  const person = await stage.signIn()
  const session = await person.stored()
  const refresh = session.refresh && { ...session.refresh, startedAt: started + 80_000 }
  await store.updateSession(session.id, session.version, { refresh })
  return { ...stage, ...person }
}

describe('a session that is due', () => {
  it('is used as it is, and refreshed meanwhile: person, groups, sign-in and tokens are new', async () => {
    const { provider, sessions, signIn, deps } = withProvider(renewing(100))
    const { visit, stored } = await signIn()
    after(79)
    await visit()
    expect(provider.asked).toHaveLength(0)
    after(80)
    expect((await visit())?.person.groups).toEqual(['staff'])
    await sessions.settled()
    expect(provider.asked.map(({ refresh }) => refresh)).toEqual(['refresh-1'])
    const session = await stored()
    expect(session).toMatchObject({
      person: { groups: ['group-2'] },
      authentication: { time: 7, acr: 'urn:strong' },
      refresh: { dueAt: started + 160_000, failsAt: started + 380_000, startedAt: undefined },
    })
    expect(session.version).toBeGreaterThan(1)
    expect(deps.sealer.open('tokens', session.id, session.sealedTokens)).toContain('refresh-2')
    expect((await visit())?.person.groups).toEqual(['group-2'])
  })

  it('is refreshed with the token of the last time, each time', async () => {
    const { provider, sessions, signIn } = withProvider(renewing(100))
    const { visit } = await signIn()
    for (const seconds of [90, 180, 270]) {
      after(seconds)
      await visit()
      await sessions.settled()
    }
    expect(provider.asked.map(({ refresh }) => refresh)).toEqual(['refresh-1', 'refresh-2', 'refresh-3'])
  })

  it('is asked for once by any number of requests, looks and replicas', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const renew = renewing(100)
    const stage = withProvider(async () => {
      await held
      return renew()
    })
    const others = [1, 2].map(() => openStage(stage.deps).sessions)
    const { visit, child } = await stage.signIn()
    after(85)
    const everyone = [stage.sessions, ...others]
    for (let round = 0; round < 3; round += 1) {
      const asked = everyone.flatMap((one) => [
        one.findAtHost(child, route.from, route),
        one.peekAtHost(child, route.from, route),
      ])
      for (const session of await Promise.all(asked)) expect(session?.subject).toBe('alice')
    }
    release()
    await Promise.all(everyone.map((one) => one.settled()))
    await visit()
    expect(stage.provider.asked).toHaveLength(1)
  })

  it('that has no refresh token is never asked for', async () => {
    const { provider, sessions, signIn } = withProvider(renewing(100))
    const { visit } = await signIn({ tokens: alice.tokens })
    after(5_000)
    expect(await visit()).toBeDefined()
    await sessions.settled()
    expect(provider.asked).toHaveLength(0)
  })

  it('whose tokens no key here can open lives until its time, and its provider is not asked', async () => {
    const { provider, sessions, signIn, log } = withProvider(renewing(100))
    const { visit, id, stored } = await signIn()
    const other = createSealer(new Map([['k9', Buffer.alloc(32)]]))
    await store.updateSession(id, 1, { sealedTokens: other.seal('tokens', id, '{}') })
    after(90)
    expect(await visit()).toBeDefined()
    await sessions.settled()
    expect(provider.asked).toHaveLength(0)
    expect(JSON.stringify(log.warn.mock.calls)).toContain('sealed under a key that is not here')
    expect((await stored()).refresh).toMatchObject({ startedAt: undefined })
    after(299)
    expect(await visit()).toBeDefined()
    after(300)
    expect(await visit()).toBeUndefined()
    expect((await stored()).id).toBe(id)
  })
})

describe('a session that its provider ends', () => {
  it('ends here with all its host sessions', async () => {
    const { sessions, signIn } = withProvider(() => ({ outcome: 'revoked' }))
    const { visit, parent, stored } = await signIn()
    after(90)
    await visit()
    await sessions.settled()
    expect(await visit()).toBeUndefined()
    expect(await sessions.find(parent, 'default')).toBeUndefined()
    await expect(stored()).rejects.toThrow('gone')
  })

  it('lives until its time when somebody who was killed may have used the token, and is not asked for again', async () => {
    const { provider, sessions, visit } = await killWhileAsking(() => ({ outcome: 'revoked' }))
    after(95)
    expect(await visit()).toBeDefined()
    await sessions.settled()
    for (const seconds of [96, 200, 299]) {
      after(seconds)
      expect(await visit()).toBeDefined()
      await sessions.settled()
    }
    after(300)
    expect(await visit()).toBeUndefined()
    expect(provider.asked).toHaveLength(1)
  })

  it('is renewed when who was killed had not been heard', async () => {
    const { sessions, visit, stored } = await killWhileAsking(renewing(100))
    after(95)
    await visit()
    await sessions.settled()
    expect(await stored()).toMatchObject({ person: { groups: ['group-2'] }, refresh: { startedAt: undefined } })
  })
})

describe('a session whose provider cannot be asked', () => {
  const silent: RefreshOutcome = { outcome: 'unreachable', reason: 'timeout' }

  it('lives on until the grace is over, and the provider is asked every half minute', async () => {
    const { provider, sessions, signIn, log } = withProvider(() => silent)
    const { visit } = await signIn()
    for (const seconds of [80, 90, 109, 110, 120, 140]) {
      after(seconds)
      expect(await visit()).toBeDefined()
      await sessions.settled()
    }
    expect(provider.asked).toHaveLength(3)
    expect(JSON.stringify(log.warn.mock.calls)).toContain('timeout')
    after(300)
    expect(await visit()).toBeUndefined()
  })

  it('is asked for by the first request that cannot do without, and lives on when the answer is good', async () => {
    const { provider, signIn } = withProvider(renewing(100))
    const { visit, parent } = await signIn()
    after(50_000)
    const visits = await Promise.all([visit(), visit(), visit()])
    for (const session of visits) expect(session?.person.groups).toEqual(['group-2'])
    expect(provider.asked).toHaveLength(1)
    expect(parent).toBeDefined()
  })

  it('is over for a request that cannot do without, and is asked for again later', async () => {
    const renew = renewing(100)
    let answer: () => RefreshOutcome = () => silent
    const { provider, signIn } = withProvider(() => answer())
    const { visit } = await signIn()
    after(1_000)
    expect(await visit()).toBeUndefined()
    expect(await visit()).toBeUndefined()
    expect(provider.asked).toHaveLength(1)
    answer = renew
    after(1_030)
    expect(await visit()).toBeDefined()
  })

  it('is not waited for by who only looks', async () => {
    const { provider, sessions, signIn } = withProvider(renewing(100))
    const { child } = await signIn()
    after(1_000)
    expect(await sessions.peekAtHost(child, route.from, route)).toBeUndefined()
    await sessions.settled()
    expect(provider.asked).toHaveLength(1)
    expect(await sessions.peekAtHost(child, route.from, route)).toBeDefined()
  })

  it('loses nothing by a provider that does what nobody expected', async () => {
    const { sessions, signIn, log } = withProvider(() => Promise.reject(new Error('a bug')))
    const { visit } = await signIn()
    after(90)
    await visit()
    await sessions.settled()
    expect(await visit()).toBeDefined()
    expect(JSON.stringify(log.warn.mock.calls)).toContain('a bug')
  })
})

describe('what a provider gave', () => {
  it('is written also when the session was sealed anew meanwhile', async () => {
    const renew = renewing(100)
    const stage = withProvider(async () => {
      const session = await stored()
      await store.updateSession(session.id, session.version, { sealedTokens: session.sealedTokens })
      return renew()
    })
    const { visit, stored } = await stage.signIn()
    after(90)
    await visit()
    await stage.sessions.settled()
    expect((await stored()).person.groups).toEqual(['group-2'])
  })

  it('is written also when the store fails for a moment', async () => {
    const renew = renewing(100)
    let failures = 0
    const flaky: Store = {
      ...store,
      updateSession(id, version, change) {
        if (change.sealedTokens === undefined || failures === 2) return store.updateSession(id, version, change)
        failures += 1
        return Promise.reject(new Error('connection lost'))
      },
    }
    const stage = openStage({ store: flaky, providers: new Map([['acme', fakeProvider(renew)]]) })
    const { visit, stored } = await stage.signIn()
    after(90)
    await visit()
    await stage.sessions.settled()
    expect(failures).toBe(2)
    expect((await stored()).person.groups).toEqual(['group-2'])
  })

  it('is dropped when the person signed out meanwhile', async () => {
    const renew = renewing(100)
    const stage = withProvider(async () => {
      await store.deleteSession(id)
      return renew()
    })
    const { visit, id, stored } = await stage.signIn()
    after(90)
    await visit()
    await stage.sessions.settled()
    await expect(stored()).rejects.toThrow('gone')
  })

  it('is dropped when somebody else took over meanwhile', async () => {
    const renew = renewing(100)
    const stage = withProvider(async () => {
      const session = await stored()
      const refresh = session.refresh && { ...session.refresh, startedAt: 1 }
      await store.updateSession(session.id, session.version, { refresh })
      return renew()
    })
    const { visit, stored } = await stage.signIn()
    after(90)
    await visit()
    await stage.sessions.settled()
    expect((await stored()).person.groups).toEqual(['staff'])
  })

  it('never shows in the log', async () => {
    const answers: (() => RefreshOutcome)[] = [renewing(100), () => ({ outcome: 'revoked' })]
    const { sessions, signIn, log } = withProvider(() => answers.shift()?.() ?? { outcome: 'revoked' })
    const { visit, id } = await signIn()
    for (const seconds of [90, 200]) {
      after(seconds)
      await visit()
      await sessions.settled()
    }
    const logged = JSON.stringify([log.info.mock.calls, log.warn.mock.calls, log.error.mock.calls])
    expect(logged).toContain('"conclusion":"ended"')
    for (const secret of ['access-', 'refresh-', 'id-1', id]) expect(logged).not.toContain(secret)
  })
})

describe('sealing keys', () => {
  const [old, next] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const ring = (...keys: [string, Buffer][]) => createSealer(new Map(keys))
  const sealedUnder = async (read: () => Promise<{ sealedTokens: string }>) => (await read()).sealedTokens.split('.')[0]

  it('that are no longer the first can leave after a sweep, and no session with them', async () => {
    const first = openStage({ store, sealer: ring(['k1', old]) })
    const people = await Promise.all(Array.from({ length: 250 }, () => first.signIn()))
    const both = openStage({ store, sealer: ring(['k2', next], ['k1', old]) }).sessions
    await both.sweep()
    expect(await store.findSealedOtherwise('k2', 1_000)).toEqual([])
    const provider = fakeProvider(renewing(100))
    const alone = openStage({ store, sealer: ring(['k2', next]), providers: new Map([['acme', provider]]) }).sessions
    after(90)
    for (const { child } of people.slice(0, 10)) {
      expect(await alone.findAtHost(child, route.from, route)).toBeDefined()
      await alone.settled()
    }
    expect(provider.asked.map((tokens: ProviderTokens) => tokens.refresh)).toEqual(Array(10).fill('refresh-1'))
  })

  it('that two replicas put in another order are settled, each sweep to its end', async () => {
    const [one, other] = [ring(['k1', old], ['k2', next]), ring(['k2', next], ['k1', old])]
    const first = openStage({ store, sealer: one })
    await Promise.all(Array.from({ length: 250 }, () => first.signIn()))
    const second = openStage({ store, sealer: other }).sessions
    await Promise.all([first.sessions.sweep(), second.sweep()])
    await second.sweep()
    expect(await store.findSealedOtherwise('k2', 1_000)).toEqual([])
  })

  it('that are gone leave their sessions alone, and do not stand in the way of others', async () => {
    const lost = await openStage({ store, sealer: ring(['k0', old]) }).signIn()
    const { sessions, log, signIn } = openStage({ store, sealer: ring(['k2', next], ['k1', old]) })
    const before = await lost.stored()
    const other = await openStage({ store, sealer: ring(['k1', old]) }).signIn()
    await sessions.sweep()
    expect(await lost.stored()).toEqual(before)
    expect(await sealedUnder(other.stored)).toBe('k2')
    expect(await sealedUnder((await signIn()).stored)).toBe('k2')
    expect(log.warn).toHaveBeenCalledTimes(1)
  })

  it('have names that a sealer knows', () => {
    expect(ring(['k2', next], ['k1', old]).newestKey).toBe('k2')
    expect(sealer.newestKey).toBe('k1')
  })
})
