import fc from 'fast-check'
import { expect, it } from 'vitest'

import type {
  Account,
  AccountChange,
  AccountWithCredentials,
  Identity,
  Passkey,
  Session,
  Store,
  Ticket,
} from '../../../../runtime/store/index.ts'
import type { Fixture } from './fixture.ts'
import { account, event, identity, passkey, session, ticket } from './records.ts'

type Model = ReturnType<typeof createModel>
type Command = { text: string; run: (store: Pick<Store, keyof Model>) => Promise<unknown> }

const id = fc.constantFrom('a', 'b', '’; DROP TABLE accounts; --')
const email = fc.constantFrom('', 'a@acme.example', '%_\\@acme.example')
const version = fc.integer({ min: 1, max: 4 })
const change: fc.Arbitrary<AccountChange> = fc.record(
  {
    set: fc.record(
      {
        status: fc.constantFrom('active', 'suspended'),
        email,
        profile: fc.record({ name: fc.string({ unit: 'binary', maxLength: 6 }) }),
        passwordHash: fc.constantFrom('hash', undefined),
      },
      { requiredKeys: [] },
    ),
    addIdentity: id.map((subject) => ({ ...identity, subject })),
    removeIdentity: id.map((subject) => ({ issuer: identity.issuer, subject })),
    updateIdentity: id.map((subject) => ({ issuer: identity.issuer, subject, emailVerified: false })),
    addPasskey: id.map((own) => ({ ...passkey, id: own })),
    removePasskey: id,
    endSessions: fc.record({ keep: id }, { requiredKeys: [] }),
    endTickets: fc.subarray(['password_reset', 'invitation'] as const),
  },
  { requiredKeys: [] },
)

const command: fc.Arbitrary<Command> = fc.oneof(
  step('insertAccount', [id, email, fc.option(id, { nil: undefined })], (store, [own, address, subject]) =>
    store.insertAccount(
      { ...account, id: own, email: address },
      subject === undefined ? undefined : { ...identity, accountId: own, subject },
      [event],
    ),
  ),
  step('changeAccount', [id, version, change], (store, [own, read, given]) =>
    store.changeAccount({ brand: 'default', id: own, version: read }, given, [event]),
  ),
  step('deleteAccount', [id], (store, [own]) => store.deleteAccount('default', own, [event])),
  step('insertTicket', [id, id, fc.constantFrom('password_reset', 'invitation')], (store, [own, accountId, kind]) =>
    store.insertTicket({ ...ticket, id: own, accountId, kind }).catch(() => 'refused'),
  ),
  step('takeTicket', [id], (store, [own]) => store.takeTicket('invitation', own, 0)),
  step('insertSession', [id, fc.oneof(id, fc.constant('')), id], (store, [own, accountId, subject]) =>
    store.insertSession({ ...session, id: own, accountId, subject }).catch(() => 'refused'),
  ),
  step('findSession', [id], (store, [own]) => store.findSession(own)),
  step('findAccount', [id], (store, [own]) => store.findAccount('default', own)),
  step('findAccountByEmail', [email], (store, [address]) => store.findAccountByEmail('default', address)),
  step('countAccounts', [fc.constantFrom(undefined, 'suspended' as const)], (store, [status]) =>
    store.countAccounts({ status }),
  ),
)

function step<T extends unknown[]>(
  text: string,
  values: { [Index in keyof T]: fc.Arbitrary<T[Index]> },
  run: (store: Pick<Store, keyof Model>, values: T) => Promise<unknown>,
): fc.Arbitrary<Command> {
  return fc
    .tuple(...values)
    .map((given) => ({ text: `${text} ${JSON.stringify(given)}`, run: (store) => run(store, given as T) }))
}

/** Whatever is done to accounts in whatever order, a store and a few maps say the same. */
export function describeAccountsModel(fixture: () => Fixture): void {
  it('answers about accounts as a model in memory does', async () => {
    const { store, ask, schema } = fixture()
    await fc.assert(
      fc
        .asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
          const model = createModel()
          for (const { text, run } of commands) expect(await run(store), text).toEqual(await run(model))
        })
        .beforeEach(async () => {
          for (const table of ['sessions', 'tickets', 'accounts']) await ask(`DELETE FROM ${schema}${table}`)
        }),
      { numRuns: 40, seed: 20_261_129 },
    )
  })
}

/** One brand, and one issuer; of what is added without a key that must be unique, nothing is kept but itself. */
function createModel() {
  const accounts = new Map<string, AccountWithCredentials>()
  const sessions = new Map<string, Session>()
  const tickets = new Map<string, Ticket>()

  const all = <T>(of: (one: AccountWithCredentials) => readonly T[]): T[] => [...accounts.values()].flatMap(of)
  const byEmail = (address: string): AccountWithCredentials | undefined =>
    [...accounts.values()].find((one) => address !== '' && one.account.email === address)

  function endSessions({ account: { id: own }, identities }: AccountWithCredentials, keep?: string): void {
    const subjects = identities.map(({ subject }) => subject)
    for (const one of sessions.values()) {
      const isOwn = one.accountId === own || (one.accountId === '' && subjects.includes(one.subject))
      if (isOwn && one.id !== keep) sessions.delete(one.id)
    }
  }

  function changed(before: AccountWithCredentials, given: AccountChange): AccountWithCredentials | 'taken' {
    const { set, addIdentity, removeIdentity, updateIdentity, addPasskey, removePasskey } = given
    const { account: old } = before
    const owner = { accountId: old.id, brand: old.brand }
    if (set?.email !== undefined && set.email !== old.email && byEmail(set.email)) return 'taken'
    const others = all(({ identities }) => identities).filter(({ accountId }) => accountId !== old.id)
    const kept: Identity[] = before.identities
      .filter(({ subject }) => subject !== removeIdentity?.subject)
      .map((one) => (one.subject === updateIdentity?.subject ? { ...one, emailVerified: false } : one))
    if (addIdentity && [...others, ...kept].some(({ subject }) => subject === addIdentity.subject)) return 'taken'
    const passkeys: Passkey[] = before.passkeys.filter(({ id: own }) => own !== removePasskey)
    const theirs = all(({ passkeys: some }) => some).filter(({ accountId }) => accountId !== old.id)
    if (addPasskey && [...theirs, ...passkeys].some(({ id: own }) => own === addPasskey.id)) return 'taken'
    const next: Account = { ...old, ...set, version: old.version + 1 }
    return {
      account: next,
      identities: [...kept, ...(addIdentity ? [{ ...addIdentity, ...owner }] : [])].toSorted((a, b) =>
        a.subject < b.subject ? -1 : 1,
      ),
      passkeys: [...passkeys, ...(addPasskey ? [{ ...addPasskey, ...owner }] : [])].toSorted((a, b) =>
        a.id < b.id ? -1 : 1,
      ),
    }
  }

  return {
    async insertAccount(value: Account, first: Identity | undefined) {
      const taken =
        accounts.has(value.id) ||
        byEmail(value.email) ||
        (first && all(({ identities }) => identities).some(({ subject }) => subject === first.subject))
      if (taken) return 'taken'
      accounts.set(value.id, { account: value, identities: first ? [first] : [], passkeys: [] })
      return 'inserted'
    },
    async changeAccount({ id: own, version: read }: Pick<Account, 'id' | 'version'>, given: AccountChange) {
      const before = accounts.get(own)
      if (before?.account.version !== read) return 'stale'
      const after = changed(before, given)
      if (after === 'taken') return 'taken'
      accounts.set(own, after)
      if (given.endSessions) endSessions(before, given.endSessions.keep)
      for (const one of tickets.values()) {
        if (one.accountId === own && given.endTickets?.includes(one.kind)) tickets.delete(one.id)
      }
      return 'changed'
    },
    async deleteAccount(_brand: string, own: string) {
      const found = accounts.get(own)
      if (!found) return false
      endSessions(found)
      for (const one of tickets.values()) if (one.accountId === own) tickets.delete(one.id)
      return accounts.delete(own)
    },
    async insertTicket(value: Ticket) {
      if (!accounts.has(value.accountId ?? '')) return
      if (tickets.has(value.id)) throw new Error('duplicate')
      tickets.set(value.id, value)
    },
    async takeTicket(kind: Ticket['kind'], own: string) {
      const found = tickets.get(own)
      if (found?.kind !== kind) return undefined
      tickets.delete(own)
      return found
    },
    async insertSession(value: Session) {
      if (value.accountId !== '' && accounts.get(value.accountId)?.account.status !== 'active') return false
      if (sessions.has(value.id)) throw new Error('duplicate')
      sessions.set(value.id, value)
      return true
    },
    findSession: async (own: string) => sessions.get(own),
    findAccount: async (_brand: string, own: string) => accounts.get(own),
    findAccountByEmail: async (_brand: string, address: string) => byEmail(address),
    countAccounts: async ({ status }: { status?: Account['status'] }) =>
      [...accounts.values()].filter((one) => !status || one.account.status === status).length,
  } satisfies Partial<Store>
}
