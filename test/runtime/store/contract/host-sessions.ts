import { describe, expect, it } from 'vitest'

import type { HostSession } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { hostSession, session } from './records.ts'

/** Sessions at apps' hosts. */
export function describeHostSessions(fixture: () => Fixture): void {
  describe('host sessions', () => {
    it('are found with their parent, a browser’s and a program’s', async () => {
      const { store } = fixture()
      const program: HostSession = { ...hostSession, id: 'host-2', holder: 'program', expiresAt: 4_000 }
      await store.insertSession(session)
      expect(await store.insertHostSession(hostSession)).toBe(true)
      expect(await store.insertHostSession(program)).toBe(true)
      expect(await store.findHostSession('host-1')).toStrictEqual({ hostSession, session })
      expect(await store.findHostSession('host-2')).toStrictEqual({ hostSession: program, session })
    })

    it('are not made without a parent', async () => {
      const { store } = fixture()
      expect(await store.insertHostSession({ ...hostSession, parentId: 'gone' })).toBe(false)
      expect(await store.findHostSession('host-1')).toBeUndefined()
    })

    it('end by themselves and leave the parent', async () => {
      const { store } = fixture()
      await store.insertSession(session)
      await store.insertHostSession(hostSession)
      await store.deleteHostSession('host-1')
      await store.deleteHostSession('gone')
      expect(await store.findHostSession('host-1')).toBeUndefined()
      expect(await store.findSession('session-1')).toEqual(session)
    })
  })
}
