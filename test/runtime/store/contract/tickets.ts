import { beforeEach, describe, expect, it } from 'vitest'

import type { Fixture } from './fixture.ts'
import { account, ticket } from './records.ts'

/** What somebody can do once. */
export function describeTickets(fixture: () => Fixture): void {
  describe('a ticket', () => {
    beforeEach(() => fixture().store.insertAccount(account, undefined, []))

    it('comes back as it was put in, is looked at often and taken once', async () => {
      const { store } = fixture()
      const free = { ...ticket, id: 'ticket-2', accountId: undefined, bindingHash: undefined }
      for (const one of [ticket, free]) {
        await store.insertTicket(one)
        expect(await store.findTicket('password_reset', one.id, 1_999)).toStrictEqual(one)
        expect(await store.takeTicket('password_reset', one.id, 1_999)).toStrictEqual(one)
        expect(await store.takeTicket('password_reset', one.id, 1_999)).toBeUndefined()
        expect(await store.findTicket('password_reset', one.id, 1_999)).toBeUndefined()
      }
    })

    it('is not given out once it has expired', async () => {
      const { store } = fixture()
      await store.insertTicket(ticket)
      expect(await store.findTicket('password_reset', 'ticket-1', 2_000)).toBeUndefined()
      expect(await store.takeTicket('password_reset', 'ticket-1', 2_000)).toBeUndefined()
    })

    it('is neither found nor used up as one of another kind', async () => {
      const { store } = fixture()
      await store.insertTicket(ticket)
      expect(await store.findTicket('invitation', 'ticket-1', 0)).toBeUndefined()
      expect(await store.takeTicket('invitation', 'ticket-1', 0)).toBeUndefined()
      expect(await store.takeTicket('password_reset', 'ticket-1', 0)).toStrictEqual(ticket)
    })

    it('is swept away when it is over, and not before', async () => {
      const { store } = fixture()
      await store.insertTicket(ticket)
      await store.insertTicket({ ...ticket, id: 'ticket-2', expiresAt: 2_001 })
      await store.removeExpired(2_000, 0)
      expect(await store.findTicket('password_reset', 'ticket-1', 0)).toBeUndefined()
      expect(await store.findTicket('password_reset', 'ticket-2', 0)).toBeDefined()
    })
  })
}
