import { beforeEach, describe, expect, it } from 'vitest'

import type { AccountFilter, Page } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { account, identity, invited, session } from './records.ts'

async function allParts<T>(part: (after?: string) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let after: string | undefined
  do {
    const page = await part(after)
    items.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return items
}

/** Lists of accounts and sessions. */
export function describeLists(fixture: () => Fixture): void {
  describe('accounts are listed', () => {
    const ids = async (filter: AccountFilter): Promise<string[]> => {
      const listed = (await fixture().store.listAccounts(filter, 100)).items.map(({ id }) => id)
      expect(await fixture().store.countAccounts(filter)).toBe(listed.length)
      return listed
    }

    it('as they are, the newest first, by brand and status', async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      await store.insertAccount({ ...invited, createdAt: 3_000 }, undefined, [])
      await store.insertAccount({ ...invited, id: 'account-3', brand: 'other', status: 'suspended' }, undefined, [])
      expect((await store.listAccounts({}, 1)).items).toStrictEqual([{ ...invited, createdAt: 3_000 }])
      expect(await ids({})).toEqual(['account-2', 'account-3', 'account-1'])
      expect(await ids({ brand: 'default' })).toEqual(['account-2', 'account-1'])
      expect(await ids({ status: 'suspended' })).toEqual(['account-3'])
      expect(await ids({ brand: 'default', status: 'suspended' })).toEqual([])
      expect(await ids({ brand: 'gone' })).toEqual([])
    })

    it('by a part of address, name or user name in any case, or by a whole id', async () => {
      const { store } = fixture()
      await store.insertAccount(account, undefined, [])
      const bob = { name: 'Bob 100%_\\', username: 'ÉTIENNE', company: 'Alice & Co' }
      await store.insertAccount({ ...invited, profile: bob, email: 'bob+x@acme.example' }, undefined, [])
      const found: Record<string, string[]> = {
        'ALICE@': ['account-1'],
        '@acme.example': ['account-2', 'account-1'],
        ångstr: ['account-1'],
        ÅNGSTR: ['account-1'],
        ' étie ': ['account-2'],
        '０%_\\': ['account-2'],
        '0%_': ['account-2'],
        '%': ['account-2'],
        _: ['account-2'],
        '\\': ['account-2'],
        '1%0': [],
        a_ice: [],
        'account-2': ['account-2'],
        'account-': [],
        'Alice & Co': [],
        "'; DROP TABLE accounts; --": [],
        '\0': [],
        'alice\0': [],
        ' ': ['account-2', 'account-1'],
        [`bob${'%'.repeat(100_000)}`]: [],
      }
      for (const [search, expected] of Object.entries(found))
        expect(await ids({ search }), search.slice(0, 50)).toEqual(expected)
    })

    it('by their ids, of which none finds nobody', async () => {
      const { store } = fixture()
      await store.insertAccount(account, undefined, [])
      await store.insertAccount(invited, undefined, [])
      expect(await ids({ ids: ['account-2', 'account-1', 'nobody', "'"] })).toEqual(['account-2', 'account-1'])
      expect(await ids({ ids: ['account-1'] })).toEqual(['account-1'])
      expect(await ids({ ids: ['account-1'], brand: 'elsewhere' })).toEqual([])
      expect(await ids({ ids: [] })).toEqual([])
    })

    it('by what they are called now', async () => {
      const { store } = fixture()
      await store.insertAccount(account, undefined, [])
      await store.changeAccount(account, { set: { profile: { name: 'Bob' } } }, [])
      await store.changeAccount({ ...account, version: 2 }, { set: { email: 'carol@acme.example' } }, [])
      expect(await ids({ search: 'ångström' })).toEqual([])
      expect(await ids({ search: 'alice' })).toEqual([])
      expect([await ids({ search: 'bob' }), await ids({ search: 'Carol' })]).toEqual([['account-1'], ['account-1']])
    })

    it('in parts that leave nothing out and show nothing twice, also of one moment', async () => {
      const { store } = fixture()
      const expected: string[] = []
      for (let index = 0; index < 7; index += 1) {
        const id = `account.${index}`
        await store.insertAccount({ ...invited, id, createdAt: index < 3 ? 1 : 2 }, undefined, [])
        expected.push(id)
      }
      for (const limit of [1, 2, 3, 7, 8]) {
        const listed = await allParts((after) => store.listAccounts({ brand: 'default' }, limit, after))
        expect(listed.map(({ id }) => id).toSorted()).toEqual(expected)
      }
    })

    it('from the start at a cursor that nobody gave', async () => {
      const { store } = fixture()
      await store.insertAccount(account, undefined, [])
      const first = await store.listAccounts({}, 1)
      for (const cursor of ['', 'x', '.', 'x.y', `${'9'.repeat(40)}.y`]) {
        expect(await store.listAccounts({}, 1, cursor)).toEqual(first)
      }
      for (const cursor of ['5.\0', '0.zzz', `0.'; --`]) {
        expect(await store.listAccounts({}, 1, cursor)).toEqual({ items: [], next: undefined })
      }
    })

    it('and counted by the provider that they sign in by', async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      await store.changeAccount(account, { addIdentity: { ...identity, subject: 'alice-2' } }, [])
      await store.changeAccount(
        { ...account, version: 2 },
        { addIdentity: { ...identity, subject: 'a', identityProvider: 'two' } },
        [],
      )
      await store.insertAccount(invited, { ...identity, subject: 'bob' }, [])
      const elsewhere = { ...account, id: 'account-3', brand: 'other' }
      await store.insertAccount(elsewhere, { ...identity, subject: 'carol' }, [])
      expect(await store.countIdentities()).toEqual({ acme: 3, two: 1 })
      expect(await store.countIdentities('default')).toEqual({ acme: 2, two: 1 })
      expect(await store.countIdentities('gone')).toEqual({})
    })
  })

  describe('sessions are listed', () => {
    beforeEach(() => fixture().store.insertAccount(account, identity, []))

    it('live or over, the newest first, by brand and account, in parts', async () => {
      const { store } = fixture()
      const own = { ...session, accountId: 'account-1' }
      await store.insertSession({ ...own, id: 'a', createdAt: 1 })
      await store.insertSession({ ...own, id: 'b', createdAt: 3, expiresAt: 3 })
      await store.insertSession({ ...session, id: 'c', createdAt: 2, brand: 'other' })
      expect((await store.listSessions({ accountId: 'account-1' }, 1)).items).toStrictEqual([
        { ...own, id: 'b', createdAt: 3, expiresAt: 3 },
      ])
      const ids = async (filter: { brand?: string; accountId?: string }) =>
        (await allParts((after) => store.listSessions(filter, 1, after))).map(({ id }) => id)
      expect(await ids({})).toEqual(['b', 'c', 'a'])
      expect(await ids({ brand: 'other' })).toEqual(['c'])
      expect(await ids({ brand: 'default', accountId: 'account-1' })).toEqual(['b', 'a'])
      expect(await ids({ accountId: 'account-2' })).toEqual([])
    })
  })
}
