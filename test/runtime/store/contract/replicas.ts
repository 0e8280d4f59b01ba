import { beforeEach, describe, expect, it } from 'vitest'

import type { Store } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { account, event, handOver, hostSession, identity, invited, keptBody, session, ticket } from './records.ts'

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

    it('one changes an account as it was read, and all others learn that it is another by now', async () => {
      await stores[0]?.insertAccount(account, identity, [])
      const outcomes = await inParallel((store, index) =>
        store.changeAccount(account, { set: { language: `${index}` }, removeIdentity: identity }, [event]),
      )
      expect(outcomes.toSorted()).toEqual(['changed', ...Array.from({ length: CALLS - 1 }, () => 'stale')])
      const found = await stores[1]?.findAccount('default', 'account-1')
      const language = `${outcomes.indexOf('changed')}`
      expect(found).toStrictEqual({ account: { ...account, language, version: 2 }, identities: [], passkeys: [] })
      expect((await stores[2]?.listAudit({}, CALLS))?.items).toHaveLength(1)
    })

    it('one makes an account of an identity', async () => {
      const outcomes = await inParallel((store, index) =>
        store.insertAccount({ ...invited, id: `account-${index}` }, identity, [event]),
      )
      expect(outcomes.toSorted()).toEqual(['inserted', ...Array.from({ length: CALLS - 1 }, () => 'taken')])
      const found = await stores[1]?.findAccountByIdentity('default', identity)
      expect(found?.account.id).toBe(`account-${outcomes.indexOf('inserted')}`)
      expect(await stores[1]?.countAccounts({})).toBe(1)
    })

    it('one account gets an address or identity that several want', async () => {
      const accounts = Array.from({ length: CALLS }, (_, index) => ({ ...invited, id: `account-${index}` }))
      await inParallel((store, index) => store.insertAccount(accounts[index] ?? invited, undefined, []))
      const change = { set: { email: 'alice@acme.example' }, addIdentity: identity }
      const outcomes = await inParallel((store, index) => store.changeAccount(accounts[index] ?? invited, change, []))
      expect(outcomes.toSorted()).toEqual(['changed', ...Array.from({ length: CALLS - 1 }, () => 'taken')])
    })

    it('one gets a ticket', async () => {
      await stores[0]?.insertTicket({ ...ticket, accountId: undefined })
      const taken = await inParallel((store) => store.takeTicket('password_reset', 'ticket-1', 0))
      expect(taken.filter((one) => one !== undefined)).toHaveLength(1)
    })

    it('no session and no ticket outlives the account, or the suspension of it', async () => {
      for (const end of ['delete', 'suspend'] as const) {
        await stores[0]?.insertAccount(account, undefined, [])
        const [made] = await Promise.all([
          inParallel(async (store, index) => {
            const began = await store.insertSession({ ...session, id: `${end}-${index}`, accountId: 'account-1' })
            await store.insertTicket({ ...ticket, id: `${end}-${index}` })
            return began
          }),
          end === 'delete'
            ? stores[1]?.deleteAccount('default', 'account-1', [])
            : stores[1]?.changeAccount(account, { set: { status: 'suspended' }, endSessions: {} }, []),
        ])
        expect(made.every((one) => typeof one === 'boolean')).toBe(true)
        expect((await stores[2]?.listSessions({}, CALLS))?.items).toEqual([])
        if (end === 'suspend') continue
        const left = await inParallel((store, index) => store.findTicket('password_reset', `${end}-${index}`, 0))
        expect(left.filter((one) => one !== undefined)).toEqual([])
      }
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
