import { describe, expect, it } from 'vitest'

import type { AuditFilter, Store } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { event } from './records.ts'

/** The log of what was done. */
export function describeAudit(fixture: () => Fixture): void {
  describe('the audit log', () => {
    it('has every event as it was given, the newest first', async () => {
      const { store } = fixture()
      const bare = { ...event, at: 1_001, account: undefined, actor: 'stack', address: '', details: {} }
      await store.recordAudit([event, bare])
      await store.recordAudit([])
      const { items, next } = await store.listAudit({}, 10)
      const [later = 0, earlier = 0] = items.map(({ sequence }) => sequence)
      expect(later).toBeGreaterThan(earlier)
      expect(items).toStrictEqual([
        { ...bare, sequence: later },
        { ...event, sequence: earlier },
      ])
      expect(next).toBeUndefined()
    })

    it('is listed by each filter and all together', async () => {
      const { store } = fixture()
      await fill(store)
      const ats = async (filter: AuditFilter): Promise<number[]> =>
        (await store.listAudit(filter, 100)).items.map(({ at }) => at)
      expect(await ats({ brand: 'other' })).toEqual([7, 5, 3, 1])
      expect(await ats({ action: 'password.set' })).toEqual([6, 3, 0])
      expect(await ats({ actor: 'bob' })).toEqual([4, 0])
      expect(await ats({ account: 'account-1' })).toEqual([6, 1])
      expect(await ats({ from: 2, to: 4 })).toEqual([4, 3, 2])
      expect(
        await ats({ brand: 'default', action: 'password.set', actor: 'bob', account: 'account-0', from: 0, to: 0 }),
      ).toEqual([0])
      expect(await ats({ brand: 'gone' })).toEqual([])
      expect(await ats({ actor: `' OR ''='` })).toEqual([])
      expect(await ats({ actor: 'bo\0b' })).toEqual([])
    })

    it('is read in parts that leave nothing out, while events of one moment come in between', async () => {
      const { store } = fixture()
      await store.recordAudit(Array.from({ length: 7 }, (_, index) => ({ ...event, at: 5, actor: `${index}` })))
      const read: string[] = []
      let after: string | undefined
      do {
        const { items, next } = await store.listAudit({}, 3, after)
        read.push(...items.map(({ actor }) => actor))
        after = next
        await store.recordAudit([{ ...event, at: 5, actor: 'later' }])
      } while (after !== undefined)
      expect(read).toEqual(['6', '5', '4', '3', '2', '1', '0'])
    })

    it('begins anew at a cursor that it did not give', async () => {
      const { store } = fixture()
      await fill(store)
      const first = await store.listAudit({}, 2)
      for (const cursor of [
        '',
        'x',
        '5',
        '5.',
        '5.x',
        '5.1\0',
        '-1.1',
        `${'9'.repeat(30)}.1`,
        `5.${'9'.repeat(30)}`,
        `5.1'; --`,
      ]) {
        expect(await store.listAudit({}, 2, cursor)).toEqual(first)
      }
    })

    it('is only ever added to', async () => {
      const { store, ask, schema } = fixture()
      await store.recordAudit([event])
      for (const sql of [`UPDATE ${schema}audit SET actor = 'nobody'`, `DELETE FROM ${schema}audit`]) {
        await expect(ask(sql)).rejects.toThrow('only ever added to')
      }
      expect((await store.listAudit({}, 10)).items).toMatchObject([event])
    })
  })
}

async function fill(store: Store): Promise<void> {
  await store.recordAudit(
    Array.from({ length: 8 }, (_, at) => ({
      ...event,
      at,
      brand: at % 2 === 0 ? 'default' : 'other',
      action: at % 3 === 0 ? 'password.set' : 'passkey.added',
      actor: at % 4 === 0 ? 'bob' : 'carol',
      account: at % 5 === 4 ? undefined : `account-${at % 5}`,
    })),
  )
}
