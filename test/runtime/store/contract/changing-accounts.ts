import { beforeEach, describe, expect, it } from 'vitest'

import type { AccountChange, AccountWithCredentials } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { account, event, hostSession, identity, invited, passkey, session, ticket } from './records.ts'

/** Changes of an account: as a whole or not at all. */
export function describeChangingAccounts(fixture: () => Fixture): void {
  describe('a change of an account', () => {
    const at = (version: number) => ({ ...account, version })
    const current = (): Promise<AccountWithCredentials | undefined> =>
      fixture().store.findAccount('default', 'account-1')
    const actions = async (): Promise<string[]> =>
      (await fixture().store.listAudit({}, 10)).items.map(({ action }) => action)

    beforeEach(async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      await store.insertAccount(invited, { ...identity, accountId: 'account-2', subject: 'bob' }, [])
    })

    it('sets what is given, and nothing else', async () => {
      const { store } = fixture()
      const sets: AccountChange['set'][] = [
        { status: 'suspended' },
        { email: 'bob@acme.example' },
        { profile: { name: 'Bob' }, ownFields: [] },
        { groups: ['admins'], language: 'fr' },
        { passwordHash: undefined, passwordChangedAt: undefined },
        { passwordHash: 'other', passwordChangedAt: 7 },
        { lastSignInAt: 9 },
        { email: '', language: '', status: 'active' },
        {},
      ]
      let expected = account
      for (const set of sets) {
        expect(await store.changeAccount(expected, { set }, [event])).toBe('changed')
        expected = { ...expected, ...set, version: expected.version + 1 }
        expect((await current())?.account).toStrictEqual(expected)
      }
      expect(await actions()).toHaveLength(sets.length)
    })

    it('adds, changes and removes identities', async () => {
      const { store } = fixture()
      const other = { ...identity, issuer: 'https://other.example', linkedAt: 3_000 }
      // Whose it says that it is does not count.
      const addIdentity = { ...other, accountId: 'account-2', brand: 'other' }
      expect(await store.changeAccount(account, { addIdentity }, [])).toBe('changed')
      expect((await current())?.identities).toStrictEqual([identity, other])
      const updateIdentity = {
        issuer: identity.issuer,
        subject: 'alice',
        email: '',
        emailVerified: false,
        lastUsedAt: 5,
      }
      expect(await store.changeAccount(at(2), { updateIdentity, removeIdentity: other }, [])).toBe('changed')
      expect((await current())?.identities).toStrictEqual([
        { ...identity, email: '', emailVerified: false, lastUsedAt: 5 },
      ])
      expect(
        await store.changeAccount(
          at(3),
          { updateIdentity: { ...identity, email: undefined, emailVerified: undefined, lastUsedAt: 6 } },
          [],
        ),
      ).toBe('changed')
      expect((await current())?.identities[0]).toMatchObject({ email: '', emailVerified: false, lastUsedAt: 6 })
    })

    it('adds, changes and removes passkeys', async () => {
      const { store } = fixture()
      const second = { ...passkey, id: 'passkey-2', createdAt: 1_300, lastUsedAt: 1_400, transports: [] }
      await store.changeAccount(account, { addPasskey: passkey }, [])
      await store.changeAccount(at(2), { addPasskey: { ...second, accountId: 'account-2', brand: 'other' } }, [])
      expect((await current())?.passkeys).toStrictEqual([passkey, second])
      await store.changeAccount(at(3), { updatePasskey: { id: 'passkey-1', counter: 4, lastUsedAt: 5 } }, [])
      await store.changeAccount(
        at(4),
        { updatePasskey: { id: 'passkey-1', name: 'Key' }, removePasskey: 'passkey-2' },
        [],
      )
      expect((await current())?.passkeys).toStrictEqual([{ ...passkey, counter: 4, lastUsedAt: 5, name: 'Key' }])
    })

    it('touches nobody else’s identities, passkeys, tickets and sessions', async () => {
      const { store } = fixture()
      const theirs = { ...ticket, id: 'ticket-2', accountId: 'account-2' }
      await store.changeAccount(invited, { addPasskey: passkey }, [])
      await store.insertTicket(theirs)
      await store.insertSession({ ...session, accountId: 'account-2', subject: 'bob' })
      const before = await store.findAccount('default', 'account-2')
      const bob = { issuer: identity.issuer, subject: 'bob' }
      const change: AccountChange = {
        removeIdentity: bob,
        updateIdentity: { ...bob, email: 'x@acme.example' },
        removePasskey: 'passkey-1',
        updatePasskey: { id: 'passkey-1', name: 'Mine' },
        endSessions: {},
        endTickets: ['password_reset'],
      }
      expect(await store.changeAccount(account, change, [])).toBe('changed')
      expect(await store.findAccount('default', 'account-2')).toStrictEqual(before)
      expect(await store.findTicket('password_reset', 'ticket-2', 0)).toEqual(theirs)
      expect(await store.findSession('session-1')).toBeDefined()
    })

    it('does nothing at all to an account that is not the one that was read', async () => {
      const { store } = fixture()
      await store.insertTicket(ticket)
      await store.insertSession({ ...session, accountId: 'account-1' })
      await store.changeAccount(account, {}, [])
      const before = await current()
      const change: AccountChange = {
        set: { email: 'new@acme.example', status: 'suspended' },
        addIdentity: { ...identity, subject: 'carol' },
        removeIdentity: identity,
        addPasskey: passkey,
        endSessions: {},
        endTickets: ['password_reset'],
      }
      for (const read of [account, at(3), { ...at(2), brand: 'other' }, { ...at(2), id: 'gone' }]) {
        expect(await store.changeAccount(read, change, [event])).toBe('stale')
      }
      expect(await current()).toStrictEqual(before)
      expect(await store.findTicket('password_reset', 'ticket-1', 0)).toEqual(ticket)
      expect(await store.findSession('session-1')).toBeDefined()
      expect(await actions()).toEqual([])
    })

    it('is refused as a whole where address, identity or passkey is another’s', async () => {
      const { store } = fixture()
      await store.changeAccount(invited, { addPasskey: passkey, set: { email: 'bob@acme.example' } }, [])
      await store.insertSession({ ...session, accountId: 'account-1' })
      const before = await current()
      const changes: AccountChange[] = [
        { set: { email: 'bob@acme.example' } },
        { addIdentity: { ...identity, subject: 'bob' } },
        { addPasskey: passkey },
      ]
      for (const change of changes) {
        const whole: AccountChange = { ...change, set: { language: 'ja', ...change.set }, endSessions: {} }
        expect(await store.changeAccount(account, whole, [event])).toBe('taken')
      }
      expect(await current()).toStrictEqual(before)
      expect(await store.findSession('session-1')).toBeDefined()
      expect(await actions()).toEqual([])
      expect(await store.changeAccount(account, {}, [])).toBe('changed')
    })

    it('ends all sessions but one, with those from before there were accounts', async () => {
      const { store } = fixture()
      for (const id of ['a', 'b', 'kept']) await store.insertSession({ ...session, id, accountId: 'account-1' })
      await store.insertSession({ ...session, id: 'before' })
      await store.insertSession({ ...session, id: 'elsewhere', brand: 'other' })
      await store.insertHostSession({ ...hostSession, parentId: 'a' })
      // In the same step as the identity goes by which they are known.
      const change: AccountChange = { endSessions: { keep: 'kept' }, removeIdentity: identity }
      expect(await store.changeAccount(account, change, [])).toBe('changed')
      const ids = ['a', 'b', 'kept', 'before', 'elsewhere']
      const left = await Promise.all(ids.map(async (id) => (await store.findSession(id))?.id))
      expect(left).toEqual([undefined, undefined, 'kept', undefined, 'elsewhere'])
      expect(await store.findHostSession('host-1')).toBeUndefined()
    })

    it('ends tickets of the kinds that are given', async () => {
      const { store } = fixture()
      const kinds = ['password_reset', 'invitation', 'pending_link'] as const
      for (const kind of kinds) await store.insertTicket({ ...ticket, id: kind, kind })
      await store.changeAccount(account, { endTickets: ['password_reset', 'invitation'] }, [])
      const left = await Promise.all(kinds.map(async (kind) => (await store.findTicket(kind, kind, 0))?.kind))
      expect(left).toEqual([undefined, undefined, 'pending_link'])
    })
  })
}
