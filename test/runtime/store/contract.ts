import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { HandOver, Session, Store } from '../../../runtime/store/index.ts'

const session: Session = {
  id: 'session-1',
  brand: 'default',
  identityProvider: 'acme',
  issuer: 'https://idp.acme.example',
  subject: 'alice',
  sid: undefined,
  person: { id: 'person-1', email: 'alice@acme.example', name: 'Alice', groups: ['staff'] },
  sealedTokens: 'k1.sealed',
  createdAt: 1_000,
  seenAt: 1_000,
  expiresAt: 9_000,
}
const handOver: HandOver = {
  id: 'code-1',
  parentId: 'session-1',
  brand: 'default',
  route: 'hello',
  bindingHash: 'binding',
  returnTo: '/a?b=c',
  expiresAt: 2_000,
}

/** What every store keeps; each engine's own test calls it with a way to open a fresh store. */
export function describeStore(openStore: () => Promise<{ store: Store; remove: () => Promise<void> }>): void {
  let store: Store
  let remove: () => Promise<void>
  beforeEach(async () => {
    ;({ store, remove } = await openStore())
  })
  afterEach(async () => {
    await store.close()
    await remove()
  })

  describe('sessions', () => {
    it('come back as they were put in', async () => {
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2', sid: 'sid-2' })
      expect(await store.findSession('session-1')).toEqual(session)
      expect((await store.findSession('session-2'))?.sid).toBe('sid-2')
      expect(await store.findSession('session-3')).toBeUndefined()
    })

    it('replace another in the same step, host sessions and all', async () => {
      await store.insertSession(session)
      await store.insertHostSession({ id: 'host-1', parentId: 'session-1', route: 'hello' })
      await store.insertSession({ ...session, id: 'session-2' }, 'session-1')
      expect(await store.findSession('session-1')).toBeUndefined()
      expect(await store.findHostSession('host-1')).toBeUndefined()
    })

    it('leave everything as it was when inserting fails', async () => {
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2' })
      await expect(store.insertSession({ ...session, id: 'session-2' }, 'session-1')).rejects.toThrow(
        /unique|duplicate/i,
      )
      expect(await store.findSession('session-1')).toEqual(session)
    })

    it('remember their last use, and a use of one that is gone does nothing', async () => {
      await store.insertSession(session)
      await store.touchSession('session-1', 5_000)
      await store.touchSession('gone', 5_000)
      expect(await store.findSession('session-1')).toEqual({ ...session, seenAt: 5_000 })
    })

    it('end with all their host sessions and no others', async () => {
      await store.insertSession(session)
      await store.insertSession({ ...session, id: 'session-2' })
      await store.insertHostSession({ id: 'host-1', parentId: 'session-1', route: 'hello' })
      await store.insertHostSession({ id: 'host-2', parentId: 'session-2', route: 'hello' })
      await store.deleteSession('session-1')
      expect(await store.findHostSession('host-1')).toBeUndefined()
      expect((await store.findHostSession('host-2'))?.session.id).toBe('session-2')
    })
  })

  describe('host sessions', () => {
    it('are found with their parent', async () => {
      await store.insertSession(session)
      const hostSession = { id: 'host-1', parentId: 'session-1', route: 'hello' }
      expect(await store.insertHostSession(hostSession)).toBe(true)
      expect(await store.findHostSession('host-1')).toEqual({ hostSession, session })
    })

    it('are not made without a parent', async () => {
      expect(await store.insertHostSession({ id: 'host-1', parentId: 'gone', route: 'hello' })).toBe(false)
      expect(await store.findHostSession('host-1')).toBeUndefined()
    })

    it('end by themselves and leave the parent', async () => {
      await store.insertSession(session)
      await store.insertHostSession({ id: 'host-1', parentId: 'session-1', route: 'hello' })
      await store.deleteHostSession('host-1')
      expect(await store.findHostSession('host-1')).toBeUndefined()
      expect(await store.findSession('session-1')).toEqual(session)
    })
  })

  describe('hand-overs', () => {
    it('are given out once, to one of many', async () => {
      await store.insertHandOver(handOver)
      const taken = await Promise.all(Array.from({ length: 8 }, () => store.takeHandOver('code-1', 1_000)))
      expect(taken.filter((one) => one !== undefined)).toEqual([handOver])
    })

    it('are not given out once they have expired', async () => {
      await store.insertHandOver(handOver)
      expect(await store.takeHandOver('code-1', 2_000)).toBeUndefined()
    })
  })

  it('an id is used once', async () => {
    const uses = await Promise.all(Array.from({ length: 8 }, () => store.useOnce('state-1', 2_000)))
    expect(uses.filter(Boolean)).toHaveLength(1)
    expect(await store.useOnce('state-2', 2_000)).toBe(true)
  })

  it('what is over is removed, and nothing else', async () => {
    await store.insertSession(session)
    await store.insertSession({ ...session, id: 'expired', expiresAt: 3_000 })
    await store.insertSession({ ...session, id: 'idle', seenAt: 100 })
    await store.insertHandOver(handOver)
    await store.useOnce('old', 2_000)
    await store.useOnce('new', 4_000)
    await store.removeExpired(3_000, 500)
    expect(await store.findSession('session-1')).toEqual(session)
    expect(await store.findSession('expired')).toBeUndefined()
    expect(await store.findSession('idle')).toBeUndefined()
    expect(await store.takeHandOver('code-1', 0)).toBeUndefined()
    expect(await store.useOnce('old', 5_000)).toBe(true)
    expect(await store.useOnce('new', 5_000)).toBe(false)
  })
}
