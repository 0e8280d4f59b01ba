import { expect, it } from 'vitest'

import type { Fixture } from './fixture.ts'
import { handOver, hostSession, keptBody, session } from './records.ts'

/** More than one statement removes. */
const MANY = 1_100

/** What `removeExpired` takes, and what it leaves. */
export function describeSweeping(fixture: () => Fixture): void {
  it('what is over is removed, and nothing else', async () => {
    const { store } = fixture()
    await store.insertSession(session)
    await store.insertSession({ ...session, id: 'expired', expiresAt: 3_000 })
    await store.insertSession({ ...session, id: 'idle', seenAt: 500 })
    await store.insertHostSession(hostSession)
    await store.insertHostSession({ ...hostSession, id: 'host-2', expiresAt: 3_000 })
    await store.insertHostSession({ ...hostSession, id: 'host-3', expiresAt: 3_001 })
    await store.insertHostSession({ ...hostSession, id: 'host-4', parentId: 'idle' })
    await store.insertHandOver(handOver)
    await store.insertKeptBody(keptBody)
    await store.holdLease('over', 'a', 1_000, 3_000)
    await store.holdLease('held', 'a', 1_000, 3_001)
    await store.countEvent('a', 3_000, 1_000)
    await store.countEvent('b', 4_000, 1_000)
    await store.useOnce('old', 2_000)
    await store.useOnce('new', 4_000)
    await store.removeExpired(3_000, 500)
    const sessions = await Promise.all(['session-1', 'expired', 'idle'].map((id) => store.findSession(id)))
    expect(sessions).toEqual([session, undefined, undefined])
    const hosts = await Promise.all(['host-1', 'host-2', 'host-3', 'host-4'].map((id) => store.findHostSession(id)))
    expect(hosts.map((found) => found?.hostSession.id)).toEqual(['host-1', undefined, 'host-3', undefined])
    expect(await store.takeHandOver('code-1', 0)).toBeUndefined()
    expect(await store.takeKeptBody('body-1', 0)).toBeUndefined()
    expect(await store.holdLease('over', 'b', 0, 9_000)).toBe(true)
    expect(await store.holdLease('held', 'b', 0, 9_000)).toBe(false)
    expect([await store.countEvent('a', 3_000, 1_000), await store.countEvent('b', 4_000, 1_000)]).toEqual([1, 2])
    expect([await store.useOnce('old', 5_000), await store.useOnce('new', 5_000)]).toEqual([true, false])
  })

  it('as many as there are, by two replicas at once', async () => {
    const { store, another } = fixture()
    const other = await another()
    await Promise.all(Array.from({ length: MANY }, (_, index) => store.useOnce(`id-${index}`, 1_000)))
    await Promise.all([store.removeExpired(1_000, 0), other.removeExpired(1_000, 0)])
    expect(await Promise.all([`id-0`, `id-${MANY - 1}`].map((id) => store.useOnce(id, 2_000)))).toEqual([true, true])
  })
}
