import { expect, it } from 'vitest'

import type { Statement } from '../../../../runtime/store/sql/index.ts'
import { type AccountKey, accountStatement } from '../../../../runtime/store/sql/accounts.ts'
import { auditListStatement } from '../../../../runtime/store/sql/audit.ts'
import { accountCountStatement, accountsStatement } from '../../../../runtime/store/sql/list-accounts.ts'
import { endSessionsStatement, sessionsStatement } from '../../../../runtime/store/sql/sessions.ts'
import { fill } from './filling.ts'
import type { Fixture } from './fixture.ts'

const FILL_MS = 25_000

/** What goes through a whole table of ours, by its name or alias: SQLite says `SCAN` without an index, Postgres `Seq Scan`. */
const FULL_SCAN = /^SCAN (accounts?|audit|identity|identities|passkeys|sessions?|own)$|Seq Scan on /

/** Every list and search of an administrator, its first part and a later one. */
function lists(schema: string): Statement[] {
  const brand = 'brand-1'
  const during = { from: 20_000, to: 20_100 }
  const accounts = [{}, { brand }, { status: 'suspended' }, { brand, status: 'suspended' }] as const
  const audit = [
    {},
    { brand },
    { action: 'account.suspended' },
    { actor: 'account-1' },
    { account: 'account-77' },
    during,
    { brand, ...during },
    { brand, action: 'account.suspended' },
    { actor: 'account-1', action: 'account.suspended', ...during },
    { brand, action: 'none', actor: 'nobody', account: 'none', ...during },
  ]
  const sessions = [{}, { brand }, { accountId: 'account-7' }, { brand, accountId: 'account-7' }]
  return [
    ...accounts.flatMap((filter) => [
      accountsStatement(schema, filter, 50),
      accountsStatement(schema, filter, 50, '3000.account-4000'),
    ]),
    accountsStatement(schema, { brand, search: 'person 77' }, 50),
    accountCountStatement(schema, { status: 'suspended' }),
    accountCountStatement(schema, { brand, status: 'suspended' }),
    ...audit.flatMap((filter) => [
      auditListStatement(schema, filter, 50),
      auditListStatement(schema, filter, 50, '20050.57000'),
    ]),
    ...sessions.flatMap((filter) => [
      sessionsStatement(schema, filter, 50),
      sessionsStatement(schema, filter, 50, '3000.session-2000'),
    ]),
  ]
}

/** An account by each of its keys, its identities and passkeys with it. */
function finders(schema: string): Statement[] {
  // Functions that both engines have: plans do not depend on them.
  const dialect = { schema, jsonArray: 'count', jsonObject: 'concat' }
  const keys: AccountKey[] = [
    { by: 'id', value: 'account-7' },
    { by: 'email', value: 'person-5@acme.example' },
    { by: 'identity', issuer: 'https://idp.acme.example', subject: 'subject-5' },
    { by: 'passkey', value: 'passkey-5' },
  ]
  return keys.map((key) => accountStatement(dialect, 'brand-1', key))
}

/** With 10,000 accounts and 100,000 events, by how engines go about it and not by the clock. */
export function describePlans(fixture: () => Fixture): void {
  it(
    'no list goes through a whole table, or sorts what an index has in order',
    async () => {
      const current = fixture()
      const { store, schema, explain } = current
      await fill(current)
      const endSessions = endSessionsStatement({ schema, lockRows: '' }, { id: 'account-7' }, 'kept')
      for (const statement of [...lists(schema), ...finders(schema), endSessions]) {
        const plan = await explain(statement)
        const what = [statement.sql, ...statement.values, ...plan].join('\n')
        expect(
          plan.filter((line) => FULL_SCAN.test(line)),
          what,
        ).toEqual([])
        expect(
          plan.filter((line) => line.includes('TEMP B-TREE FOR ORDER BY')),
          what,
        ).toEqual([])
      }
      expect(await store.countAccounts({})).toBe(10_000)
      expect(await store.countAccounts({ search: 'PERSON-77@' })).toBe(1)
      expect(await store.countIdentities('brand-1')).toEqual({ 'idp-1': 1_250, 'idp-5': 1_250 })
      const { items, next } = await store.listAudit({ action: 'account.suspended' }, 1_999)
      expect(items).toHaveLength(1_999)
      expect((await store.listAudit({ action: 'account.suspended' }, 50, next)).items).toHaveLength(1)
    },
    FILL_MS,
  )
}
