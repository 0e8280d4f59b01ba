import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { RefreshOutcome } from '../../../runtime/providers/index.ts'
import { openSqliteStore, type Session, type Store } from '../../../runtime/store/index.ts'
import { alice, config, fakeProvider, openStage, renewing, route } from './stage.ts'

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

const patient = { ...config, session: { idleSeconds: 100_000, absoluteSeconds: 100_000, refreshGraceSeconds: 200 } }
const LATER = 'read-as-later'
const silent: RefreshOutcome = { outcome: 'unreachable', reason: 'timeout' }

/** Somebody signs in, and then comes a release that reads its provider's claims otherwise. */
async function underNewRelease(answer: Parameters<typeof fakeProvider>[0], person: Partial<typeof alice> = {}) {
  const before = openStage({ store, config: patient })
  const { child, parent, id, stored } = await before.signIn(person)
  const provider = fakeProvider(answer, LATER)
  const { sessions, deps } = openStage({ store, config: patient, providers: new Map([['acme', provider]]) })
  const visit = () => sessions.findAtHost(child, route.from, route)
  return { before, child, parent, id, stored, provider, sessions, deps, visit }
}

describe('a session whose person was read by the settings of before', () => {
  it('is refreshed before it is used, long before it is due', async () => {
    const { provider, visit, stored } = await underNewRelease(renewing(100, LATER))
    expect((await visit())?.person).toMatchObject({ groups: ['group-2'], readAs: LATER })
    expect(await visit()).toBeDefined()
    expect(provider.asked.map(({ refresh }) => refresh)).toEqual(['refresh-1'])
    expect((await stored()).person.readAs).toBe(LATER)
  })

  it('is refreshed also at the login host, and for a program', async () => {
    const { before, provider, parent, id, sessions } = await underNewRelease(renewing(100, LATER))
    const token = (await before.sessions.startForProgram(id, route.from, started + 50_000)) ?? ''
    expect((await sessions.find(parent, 'default'))?.person.readAs).toBe(LATER)
    expect((await sessions.findForProgram(token, route.from, route))?.person.readAs).toBe(LATER)
    expect(provider.asked).toHaveLength(1)
  })

  it('is asked for once by any number of requests and replicas', async () => {
    const { provider, deps, child } = await underNewRelease(renewing(100, LATER))
    const everyone = [1, 2, 3].map(() => openStage(deps).sessions)
    const visits = await Promise.all(
      everyone.flatMap((one) => [1, 2].map(() => one.findAtHost(child, route.from, route))),
    )
    for (const session of visits) expect(session?.person.readAs).toBe(LATER)
    expect(provider.asked).toHaveLength(1)
  })

  it('is not there for who only looks, until it is refreshed', async () => {
    const { provider, sessions, child } = await underNewRelease(renewing(100, LATER))
    const peek = () => sessions.peekAtHost(child, route.from, route)
    expect(await peek()).toBeUndefined()
    await sessions.settled()
    expect((await peek())?.person.readAs).toBe(LATER)
    expect(provider.asked).toHaveLength(1)
  })

  it('is not alive without a refresh token, and its provider is not asked', async () => {
    const { provider, visit, parent, sessions, before } = await underNewRelease(renewing(100, LATER), {
      tokens: alice.tokens,
    })
    expect(await visit()).toBeUndefined()
    expect(await sessions.find(parent, 'default')).toBeUndefined()
    expect(provider.asked).toHaveLength(0)
    // A release that is taken back has it again.
    expect(await before.sessions.find(parent, 'default')).toBeDefined()
  })

  it('is not alive when nobody noted how it was read', async () => {
    const person = { ...alice.person, readAs: '' }
    const { visit } = await underNewRelease(renewing(100, LATER), { person, tokens: alice.tokens })
    expect(await visit()).toBeUndefined()
  })

  it('ends when its provider says so', async () => {
    const { visit, stored } = await underNewRelease(() => ({ outcome: 'revoked' }))
    expect(await visit()).toBeUndefined()
    await expect(stored()).rejects.toThrow('gone')
  })

  it('is not used while its provider cannot be asked, which is asked every half minute', async () => {
    let answer: () => RefreshOutcome = () => silent
    const { provider, sessions, visit, child } = await underNewRelease(() => answer())
    for (const seconds of [0, 1, 29, 30, 59]) {
      after(seconds)
      expect(await visit()).toBeUndefined()
      expect(await sessions.peekAtHost(child, route.from, route)).toBeUndefined()
      await sessions.settled()
    }
    expect(provider.asked).toHaveLength(2)
    answer = renewing(100, LATER)
    after(60)
    expect((await visit())?.person.readAs).toBe(LATER)
  })

  it('is not used when the refresh could not read the person anew, and keeps the new tokens', async () => {
    const { provider, visit, stored, deps } = await underNewRelease(renewing(60))
    expect(await visit()).toBeUndefined()
    expect(await visit()).toBeUndefined()
    expect(provider.asked).toHaveLength(1)
    const session = await stored()
    expect(deps.sealer.open('tokens', session.id, session.sealedTokens)).toContain('refresh-2')
    after(60)
    await visit()
    expect(provider.asked.map(({ refresh }) => refresh)).toEqual(['refresh-1', 'refresh-2'])
  })

  it('is asked for again at once when who asked was killed', async () => {
    let noted: Session['refresh']
    const { visit, id, stored, deps, child } = await underNewRelease(async () => {
      noted = (await stored()).refresh
      return silent
    })
    await visit()
    // As it stood while the question was under way.
    await store.updateSession(id, (await stored()).version, { refresh: noted })
    const provider = fakeProvider(renewing(100, LATER), LATER)
    const { sessions } = openStage({ ...deps, providers: new Map([['acme', provider]]) })
    expect((await sessions.findAtHost(child, route.from, route))?.person.readAs).toBe(LATER)
  })

  it('is read anew again by a release that is taken back', async () => {
    const { before, visit, child } = await underNewRelease(renewing(100, LATER))
    await visit()
    expect((await before.sessions.findAtHost(child, route.from, route))?.person.readAs).toBe(alice.person.readAs)
    expect((await visit())?.person.readAs).toBe(LATER)
  })
})
