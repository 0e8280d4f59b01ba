import { beforeEach, describe, expect, it } from 'vitest'

import { isStoreError } from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { account, event, identity, invited, passkey, session, ticket } from './records.ts'

const ISSUER = identity.issuer

/** Accounts: how they come, are found, and go. */
export function describeAccounts(fixture: () => Fixture): void {
  describe('an account', () => {
    it('comes back as it was put in, by each of its keys, at its brand alone', async () => {
      const { store } = fixture()
      expect(await store.insertAccount(account, identity, [event])).toBe('inserted')
      expect(await store.changeAccount(account, { addPasskey: passkey }, [])).toBe('changed')
      const found = { account: { ...account, version: 2 }, identities: [identity], passkeys: [passkey] }
      expect(await store.findAccount('default', 'account-1')).toStrictEqual(found)
      expect(await store.findAccountByIdentity('default', identity)).toStrictEqual(found)
      expect(await store.findAccountByEmail('default', account.email)).toStrictEqual(found)
      expect(await store.findAccountByPasskey('default', 'passkey-1')).toStrictEqual(found)
      expect(await store.findAccount('other', 'account-1')).toBeUndefined()
      expect(await store.findAccountByIdentity('other', identity)).toBeUndefined()
      expect(await store.findAccountByEmail('other', account.email)).toBeUndefined()
      expect(await store.findAccountByPasskey('other', 'passkey-1')).toBeUndefined()
    })

    it('comes back without what it has not', async () => {
      const { store } = fixture()
      expect(await store.insertAccount(invited, undefined, [])).toBe('inserted')
      const found = { account: invited, identities: [], passkeys: [] }
      expect(await store.findAccount('default', 'account-2')).toStrictEqual(found)
    })

    it('is found by nothing that is not wholly its own', async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      await store.insertAccount(invited, undefined, [])
      expect(await store.findAccountByIdentity('default', { issuer: ISSUER, subject: 'ALICE' })).toBeUndefined()
      expect(await store.findAccountByIdentity('default', { issuer: `${ISSUER}/`, subject: 'alice' })).toBeUndefined()
      expect(await store.findAccountByEmail('default', 'alice@acme.exampl_')).toBeUndefined()
      // Of all that have no address, none is meant.
      expect(await store.findAccountByEmail('default', '')).toBeUndefined()
    })

    it('is not found, without an error, by what no store can hold', async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      expect(await store.findAccount('default', 'account-1\0')).toBeUndefined()
      expect(await store.findAccountByEmail('default', `${account.email}\0`)).toBeUndefined()
      expect(await store.findAccountByIdentity('default', { issuer: ISSUER, subject: '\0' })).toBeUndefined()
      expect(await store.findAccountByPasskey('default', '\0')).toBeUndefined()
      expect(await store.deleteAccount('default', '\0', [event])).toBe(false)
    })

    it('is refused where id, address or identity is another’s, and nothing of it stays', async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      const fresh = { ...account, id: 'account-3', email: 'bob@acme.example' }
      const theirs = { ...identity, subject: 'bob', accountId: 'account-3' }
      expect(await store.insertAccount({ ...fresh, id: 'account-1' }, theirs, [event])).toBe('taken')
      expect(await store.insertAccount({ ...fresh, id: 'account-1', brand: 'other' }, theirs, [event])).toBe('taken')
      expect(await store.insertAccount({ ...fresh, email: account.email }, theirs, [event])).toBe('taken')
      expect(await store.insertAccount(fresh, { ...theirs, subject: 'alice' }, [event])).toBe('taken')
      expect(await store.findAccount('default', 'account-3')).toBeUndefined()
      expect(await store.findAccountByIdentity('default', theirs)).toBeUndefined()
      expect((await store.listAudit({}, 10)).items).toEqual([])
      expect(await store.insertAccount(fresh, theirs, [])).toBe('inserted')
    })

    it('shares its address and identity with those of other brands, and an empty address with all', async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      const elsewhere = { ...account, id: 'account-3', brand: 'other' }
      expect(await store.insertAccount(elsewhere, { ...identity, brand: 'other' }, [])).toBe('inserted')
      expect((await store.findAccountByIdentity('other', identity))?.account.id).toBe('account-3')
      expect(await store.insertAccount(invited, undefined, [])).toBe('inserted')
      expect(await store.insertAccount({ ...invited, id: 'account-4' }, undefined, [])).toBe('inserted')
    })
  })

  describe('an account that is deleted', () => {
    beforeEach(async () => {
      const { store } = fixture()
      await store.insertAccount(account, identity, [])
      await store.insertAccount(invited, { ...identity, subject: 'bob' }, [])
    })

    it('takes all that is its along, and leaves the log', async () => {
      const { store } = fixture()
      await store.changeAccount(account, { addPasskey: passkey }, [event])
      await store.insertTicket(ticket)
      await store.insertSession({ ...session, accountId: 'account-1' })
      await store.insertSession({ ...session, id: 'session-2', accountId: 'account-2' })
      // Begun by a version that knew no accounts.
      await store.insertSession({ ...session, id: 'session-3' })
      await store.insertSession({ ...session, id: 'session-4', subject: 'carol' })
      expect(await store.deleteAccount('default', 'account-1', [{ ...event, action: 'account.deleted' }])).toBe(true)
      expect(await store.findAccount('default', 'account-1')).toBeUndefined()
      expect(await store.findAccountByIdentity('default', identity)).toBeUndefined()
      expect(await store.findAccountByPasskey('default', 'passkey-1')).toBeUndefined()
      expect(await store.findTicket('password_reset', 'ticket-1', 0)).toBeUndefined()
      const ids = ['session-1', 'session-2', 'session-3', 'session-4']
      const left = await Promise.all(ids.map(async (id) => (await store.findSession(id))?.id))
      expect(left).toEqual([undefined, 'session-2', undefined, 'session-4'])
      const actions = (await store.listAudit({ account: 'account-1' }, 10)).items.map(({ action }) => action)
      expect(actions.toSorted()).toEqual(['account.created', 'account.deleted'])
      expect(await store.insertAccount(account, identity, [])).toBe('inserted')
    })

    it('is deleted once, and at its brand alone', async () => {
      const { store } = fixture()
      expect(await store.deleteAccount('other', 'account-1', [event])).toBe(false)
      expect(await store.deleteAccount('default', 'account-1', [])).toBe(true)
      expect(await store.deleteAccount('default', 'account-1', [event])).toBe(false)
      expect((await store.listAudit({}, 10)).items).toEqual([])
    })

    it('gets no session any more, as one that is suspended', async () => {
      const { store } = fixture()
      await store.deleteAccount('default', 'account-1', [])
      await store.changeAccount(invited, { set: { status: 'suspended' } }, [])
      await store.insertSession(session)
      for (const accountId of ['account-1', 'account-2']) {
        expect(await store.insertSession({ ...session, id: 'session-2', accountId }, 'session-1')).toBe(false)
      }
      expect(await store.findSession('session-2')).toBeUndefined()
      expect(await store.findSession('session-1')).toEqual(session)
    })

    it('gets no ticket any more', async () => {
      const { store } = fixture()
      await store.deleteAccount('default', 'account-1', [])
      await store.insertTicket(ticket)
      expect(await store.findTicket('password_reset', 'ticket-1', 0)).toBeUndefined()
    })
  })

  it('a session of an account begins at the account’s brand, once', async () => {
    const { store } = fixture()
    await store.insertAccount(account, identity, [])
    const own = { ...session, accountId: 'account-1' }
    expect(await store.insertSession({ ...own, brand: 'other' })).toBe(false)
    expect(await store.insertSession(own)).toBe(true)
    expect(await store.findSession('session-1')).toStrictEqual(own)
    await expect(store.insertSession(own)).rejects.toSatisfy(isStoreError)
    expect(await store.insertSession({ ...own, id: 'session-2' }, 'session-1')).toBe(true)
    expect(await store.findSession('session-1')).toBeUndefined()
  })
}
