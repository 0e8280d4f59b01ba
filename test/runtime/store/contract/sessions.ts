import { describe, expect, it } from 'vitest'

import { isStoreError, type Session } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { hostSession, session } from './records.ts'

/** Sessions at login hosts. */
export function describeSessions(fixture: () => Fixture): void {
  describe('sessions', () => {
    it('come back as they were put in', async () => {
      const { store } = fixture()
      const spare: Session = {
        ...session,
        id: 'session-2',
        sid: 'sid-2',
        authentication: { time: 900, acr: undefined, amr: [] },
        refresh: undefined,
      }
      await store.insertSession(session)
      await store.insertSession(spare)
      expect(await store.findSession('session-1')).toStrictEqual(session)
      expect(await store.findSession('session-2')).toStrictEqual(spare)
      expect(await store.findSession('session-3')).toBeUndefined()
    })

    it('replace another in the same step, host sessions and all', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      await store.insertHostSession(hostSession)
      await store.insertSession({ ...session, id: 'session-2' }, 'session-1')
      expect(await store.findSession('session-1')).toBeUndefined()
      expect(await store.findHostSession('host-1')).toBeUndefined()
      expect((await store.findSession('session-2'))?.id).toBe('session-2')
    })

    it('leave everything as it was when inserting fails, and the store goes on', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2' })
      await expect(store.insertSession({ ...session, id: 'session-2' }, 'session-1')).rejects.toSatisfy(isStoreError)
      expect(await store.findSession('session-1')).toEqual(session)
      await store.insertSession({ ...session, id: 'session-3' }, 'session-1')
      expect(await store.findSession('session-1')).toBeUndefined()
    })

    it('remember their last use, and a use of one that is gone does nothing', async () => {
      const { store } = fixture()
      const others = ['session-2', 'session-3'].map((id) => ({ ...session, id }))
      for (const one of [session, ...others]) await store.insertSession(one)
      await store.touchSessions(['session-2', 'gone', 'session-1'], 5_000)
      await store.touchSessions(['session-2'], 4_000)
      await store.touchSessions([], 6_000)
      const seen = await Promise.all(['session-1', 'session-2', 'session-3'].map((id) => store.findSession(id)))
      expect(seen).toEqual([{ ...session, seenAt: 5_000 }, { ...others[0], seenAt: 5_000 }, others[1]])
      expect(await store.findSession('gone')).toBeUndefined()
    })

    it('change in what is given, and count it', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      const person = { ...session.person, groups: [] }
      const refresh = { dueAt: 4_000, failsAt: 5_000, startedAt: 3_900 }
      expect(await store.updateSession('session-1', 1, { person, refresh })).toBe(true)
      expect(await store.findSession('session-1')).toStrictEqual({ ...session, person, refresh, version: 2 })
      expect(await store.updateSession('session-1', 2, { sealedTokens: 'k2.new', refresh: undefined })).toBe(true)
      const changed = { ...session, person, sealedTokens: 'k2.new', refresh: undefined, version: 3 }
      expect(await store.findSession('session-1')).toStrictEqual(changed)
    })

    it('do not change when they are not those that were read', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      expect(await store.updateSession('session-1', 2, { sealedTokens: 'k2.new' })).toBe(false)
      expect(await store.updateSession('gone', 1, { sealedTokens: 'k2.new' })).toBe(false)
      expect(await store.findSession('session-1')).toEqual(session)
    })

    it('end with all their host sessions and no others', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2' })
      await store.insertHostSession(hostSession)
      await store.insertHostSession({ ...hostSession, id: 'host-2', parentId: 'session-2' })
      await store.deleteSession('session-1')
      expect(await store.findHostSession('host-1')).toBeUndefined()
      expect((await store.findHostSession('host-2'))?.session.id).toBe('session-2')
    })

    it('end by the provider’s session id or by the person, at that issuer alone', async () => {
      const { store } = fixture()
      const { issuer } = session
      await store.insertSession({ ...session, id: 'a', sid: 'sid-1' })
      await store.insertSession({ ...session, id: 'b', sid: 'sid-2' })
      await store.insertSession({ ...session, id: 'c', subject: 'bob', sid: undefined })
      await store.insertSession({ ...session, id: 'd', issuer: 'https://other.example', sid: 'sid-1' })
      await store.insertHostSession({ ...hostSession, parentId: 'a' })
      expect(await store.deleteSessionsOf(issuer, { sid: 'sid-1' })).toBe(1)
      expect(await store.findHostSession('host-1')).toBeUndefined()
      expect(await store.deleteSessionsOf(issuer, { sid: 'sid-1' })).toBe(0)
      await store.insertSession({ ...session, id: 'e' })
      expect(await store.deleteSessionsOf(issuer, { subject: 'alice' })).toBe(2)
      const left = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (id) => (await store.findSession(id))?.id))
      expect(left).toEqual([undefined, undefined, 'c', 'd', undefined])
    })

    it('whose tokens are sealed otherwise are found, some at a time', async () => {
      const { store } = fixture()
      for (const [id, sealedTokens] of [
        ['a', 'k1.sealed'],
        ['b', 'k10.sealed'],
        ['c', 'k0.sealed'],
        ['d', 'k1'],
      ] as const) {
        await store.insertSession({ ...session, id, sealedTokens })
      }
      const found = await store.findSealedOtherwise('k1', 10)
      expect(found.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
        { id: 'b', version: 1, sealedTokens: 'k10.sealed' },
        { id: 'c', version: 1, sealedTokens: 'k0.sealed' },
      ])
      expect(await store.findSealedOtherwise('k1', 1)).toHaveLength(1)
      expect(await store.findSealedOtherwise('k2', 10)).toHaveLength(4)
    })
  })
}
