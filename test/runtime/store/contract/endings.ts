import { describe, expect, it, vi } from 'vitest'

import type { Store } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { account, hostSession, session } from './records.ts'

/** What a store tells, up to and with `last`. */
function endingsUntil(store: Store, last: string): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<string[]>()
  const heard: string[] = []
  const stop = store.onChanged((ended) => {
    heard.push(...(ended === 'everything' ? ['everything'] : ended))
    if (!heard.includes(last)) return
    stop()
    resolve(heard)
  })
  return promise
}

/** What is told of sessions that ended, at the replica itself and at another. */
export function describeEndings(fixture: () => Fixture): void {
  describe('of what ends', () => {
    it('all replicas are told, with the host sessions and without others', async () => {
      const { store, another } = fixture()
      const stores = [store, await another(), await another()]
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2' })
      for (const [id, parentId] of [
        ['host-1', 'session-1'],
        ['host-2', 'session-1'],
        ['host-3', 'session-2'],
      ] as const) {
        await store.insertHostSession({ ...hostSession, id, parentId })
      }
      const heard = stores.map((one) => endingsUntil(one, 'host-3'))
      await store.deleteSession('session-1')
      await store.deleteHostSession('host-3')
      for (const ids of await Promise.all(heard)) {
        expect(ids.toSorted()).toEqual(['host-1', 'host-2', 'host-3', 'session-1'])
      }
    })

    it('each way is told', async () => {
      const { store, another } = fixture()
      const other = await another()
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2', seenAt: 1 })
      await store.insertSession({ ...session, id: 'session-3', sid: 'sid-3' })
      await store.insertSession({ ...session, id: 'session-4' })
      await store.insertAccount(account, undefined, [])
      await store.insertSession({ ...session, id: 'session-6', accountId: account.id })
      const heard = endingsUntil(other, 'session-4')
      await store.insertSession({ ...session, id: 'session-5' }, 'session-1')
      await store.removeExpired(1_000, 1)
      await store.deleteSessionsOf(session.issuer, { sid: 'sid-3' })
      await store.changeAccount(account, { endSessions: {} }, [])
      await store.insertSession({ ...session, id: 'session-7', accountId: account.id })
      await store.deleteAccount(account.brand, account.id, [])
      await store.deleteSession('session-4')
      const ended = ['session-1', 'session-2', 'session-3', 'session-6', 'session-7', 'session-4']
      expect(await heard).toEqual(ended)
    })

    it('and of what changed, by the host sessions that it concerns', async () => {
      const { store, another } = fixture()
      const stores = [store, await another()]
      await store.insertSession(session)
      await store.insertHostSession({ ...hostSession, id: 'host-1', parentId: session.id })
      const heard = stores.map((one) => endingsUntil(one, 'session-1'))
      const { person, authentication, sealedTokens } = session
      // As it was, used once more, and sealed anew: nothing that a request would see.
      await store.updateSession(session.id, 1, { person, authentication })
      await store.touchSessions([session.id], session.seenAt + 1)
      await store.updateSession(session.id, 2, { sealedTokens: `k9.${sealedTokens}` })
      await store.updateSession(session.id, 3, { person: { ...person, groups: [] } })
      await store.updateSession(session.id, 4, { authentication: { ...authentication, acr: 'other' } })
      await store.updateSession(session.id, 5, { refresh: { dueAt: 1, failsAt: 2, startedAt: undefined } })
      await store.deleteSession(session.id)
      for (const ids of await Promise.all(heard)) {
        expect(ids.slice(0, -2)).toEqual(['host-1', 'host-1', 'host-1'])
        expect(ids.slice(-2).toSorted()).toEqual(['host-1', 'session-1'])
      }
    })

    it('the store says since when it has not told', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      const heard = endingsUntil(store, session.id)
      const before = performance.now()
      await store.deleteSession(session.id)
      await heard
      await vi.waitFor(() => expect(store.untoldFor()).toBeLessThanOrEqual(performance.now() - before))
      await store.close()
      const closed = store.untoldFor()
      await vi.waitFor(() => expect(store.untoldFor()).toBeGreaterThan(closed))
    })

    it('nobody is told of what did not end', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      const heard = endingsUntil(store, 'session-1')
      await store.deleteSession('gone')
      await store.insertSession({ ...session, id: 'session-2' })
      await expect(store.insertSession({ ...session, id: 'session-2' }, 'session-2-before')).rejects.toThrow(/.+/)
      await expect(store.insertSession({ ...session, id: 'session-2' }, 'session-1')).rejects.toThrow(/.+/)
      await store.deleteSession('session-2')
      await store.deleteSession('session-1')
      expect(await heard).toEqual(['session-2', 'session-1'])
    })

    it('who stopped listening hears nothing more', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      const heard: unknown[] = []
      store.onChanged((ended) => heard.push(ended))()
      const told = endingsUntil(store, 'session-1')
      await store.deleteSession('session-1')
      await told
      expect(heard).toEqual([])
    })

    it('whoever ended it is told before the call returns', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2' })
      await store.insertHostSession({ ...hostSession, id: 'host-2', parentId: 'session-2' })
      const heard: unknown[] = []
      store.onChanged((ended) => heard.push(ended))
      await store.deleteSession('session-1')
      expect(heard.flat()).toContain('session-1')
      await store.deleteHostSession('host-2')
      expect(heard.flat()).toContain('host-2')
      await store.deleteSessionsOf(session.issuer, { subject: session.subject })
      expect(heard.flat()).toContain('session-2')
    })

    it('very many are told as everything', async () => {
      const { store, another } = fixture()
      const other = await another()
      await store.insertSession(session)
      await Promise.all(
        Array.from({ length: 1_001 }, (_, index) => store.insertHostSession({ ...hostSession, id: `host-${index}` })),
      )
      const heard = [store, other].map((one) => endingsUntil(one, 'everything'))
      await store.deleteSession('session-1')
      expect(await Promise.all(heard)).toEqual([['everything'], ['everything']])
    })
  })
}
