import { beforeEach, describe, expect, it } from 'vitest'

import type { Store } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { handOver, hostSession, keptBody, session } from './records.ts'

const CALLS = 50

/** Atomicity: many at once, at three replicas. */
export function describeReplicas(fixture: () => Fixture): void {
  describe('of 50 calls at three replicas', () => {
    let stores: Store[]
    beforeEach(async () => {
      const { store, another } = fixture()
      stores = [store, await another(), await another()]
    })

    function inParallel<T>(call: (store: Store, index: number) => Promise<T>): Promise<T[]> {
      return Promise.all(Array.from({ length: CALLS }, (_, index) => call(stores[index % 3] as Store, index)))
    }

    it('one gets a hand-over', async () => {
      await stores[0]?.insertHandOver(handOver)
      const taken = await inParallel((store) => store.takeHandOver('code-1', 1_000))
      expect(taken.filter((one) => one !== undefined)).toEqual([handOver])
    })

    it('one gets a kept body', async () => {
      await stores[0]?.insertKeptBody(keptBody)
      const taken = await inParallel((store) => store.takeKeptBody('body-1', 1_000))
      expect(taken.filter((one) => one !== undefined)).toEqual([keptBody])
    })

    it('one uses an id', async () => {
      const uses = await inParallel((store) => store.useOnce('state-1', 2_000))
      expect(uses.filter(Boolean)).toHaveLength(1)
    })

    it('one holds a lease, free or over', async () => {
      const free = await inParallel((store, index) => store.holdLease('refresh', `a-${index}`, 1_000, 2_000))
      expect(free.filter(Boolean)).toHaveLength(1)
      const over = await inParallel((store, index) => store.holdLease('refresh', `b-${index}`, 2_000, 3_000))
      expect(over.filter(Boolean)).toHaveLength(1)
    })

    it('one changes a session as it was read', async () => {
      await stores[0]?.insertSession(session)
      const changes = await inParallel((store, index) =>
        store.updateSession('session-1', 1, { sealedTokens: `k1.${index}` }),
      )
      const sealedTokens = `k1.${changes.indexOf(true)}`
      expect(changes.filter(Boolean)).toHaveLength(1)
      expect(await stores[1]?.findSession('session-1')).toEqual({ ...session, sealedTokens, version: 2 })
    })

    it('each event is counted', async () => {
      const counts = await inParallel((store) => store.countEvent('a', 1_000, 5_000))
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: CALLS }, (_, index) => index + 1))
    })

    it('no host session outlives its parent', async () => {
      await stores[0]?.insertSession(session)
      const [made] = await Promise.all([
        inParallel((store, index) => store.insertHostSession({ ...hostSession, id: `host-${index}` })),
        stores[1]?.deleteSession('session-1'),
      ])
      expect(made.every((one) => typeof one === 'boolean')).toBe(true)
      const found = await inParallel((store, index) => store.findHostSession(`host-${index}`))
      expect(found.filter((one) => one !== undefined)).toEqual([])
    })

    it('all may end the same people’s sessions, and each session ends once', async () => {
      await inParallel((store, index) =>
        store.insertSession({ ...session, id: `session-${index}`, sid: `sid-${index % 2}` }),
      )
      const { issuer } = session
      const ended = await inParallel((store, index) =>
        store.deleteSessionsOf(issuer, index % 2 === 0 ? { subject: 'alice' } : { sid: 'sid-1' }),
      )
      expect(ended.reduce((sum, count) => sum + count)).toBe(CALLS)
    })
  })
}
