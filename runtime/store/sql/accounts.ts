import type { AccountStore, AccountWithCredentials, Identity, IdentityKey } from '../accounts.ts'
import {
  accountRow,
  identityRow,
  type JsonDialect,
  selectWithCredentials,
  toAccountWithCredentials,
} from './account-rows.ts'
import { auditStatement } from './audit.ts'
import { changeStatements } from './change-account.ts'
import { type Database, insertInto, type Statement } from './database.ts'
import { findsNothing } from './pages.ts'
import { endSessionsStatement } from './sessions.ts'

type AccountMethods = Pick<
  AccountStore,
  | 'findAccount'
  | 'findAccountByIdentity'
  | 'findAccountByEmail'
  | 'findAccountByPasskey'
  | 'insertAccount'
  | 'changeAccount'
  | 'deleteAccount'
>

/** Accounts with what people sign in to them by. */
export function accountMethods(database: Database): AccountMethods {
  const { dialect } = database
  const { schema } = dialect

  async function find(brand: string, key: AccountKey): Promise<AccountWithCredentials | undefined> {
    const statement = accountStatement(dialect, brand, key)
    if (findsNothing(statement)) return undefined
    const row = (await database.run(statement)).rows[0]
    return row && toAccountWithCredentials(row)
  }

  return {
    findAccount: (brand, id) => find(brand, { by: 'id', value: id }),
    findAccountByIdentity: (brand, { issuer, subject }) => find(brand, { by: 'identity', issuer, subject }),
    findAccountByEmail: (brand, email) => find(brand, { by: 'email', value: email }),
    findAccountByPasskey: (brand, id) => find(brand, { by: 'passkey', value: id }),
    async insertAccount(account, identity, audit) {
      const outcome = await database.runIf(insertInto(`${schema}accounts`, accountRow(account)), [
        ...(identity ? [addIdentity(schema, { ...identity, accountId: account.id, brand: account.brand })] : []),
        ...audit.map((event) => auditStatement(schema, event)),
      ])
      return outcome === 'done' ? 'inserted' : 'taken'
    },
    async changeAccount(account, change, audit) {
      const { condition, statements } = changeStatements(dialect, account, change)
      const events = audit.map((event) => auditStatement(schema, event))
      const outcome = await database.runIf(condition, [...statements, ...events])
      return ({ done: 'changed', unmet: 'stale', taken: 'taken' } as const)[outcome]
    },
    async deleteAccount(brand, id, audit) {
      const taking: Statement = {
        sql: `SELECT id FROM ${schema}accounts WHERE brand = $1 AND id = $2 ${dialect.lockRows}`,
        values: [brand, id],
      }
      if (findsNothing(taking)) return false
      const outcome = await database.runIf(taking, [
        // Before the identities, by which sessions without an account are known, go with the account.
        endSessionsStatement(dialect, { id }),
        { sql: `DELETE FROM ${schema}accounts WHERE id = $1`, values: [id] },
        ...audit.map((event) => auditStatement(schema, event)),
      ])
      return outcome === 'done'
    },
  }
}

/** By what one account is found. */
export type AccountKey = { by: 'id' | 'email' | 'passkey'; value: string } | ({ by: 'identity' } & IdentityKey)

/** An account with its credentials, by one of its keys. */
export function accountStatement(dialect: JsonDialect, brand: string, key: AccountKey): Statement {
  const select = selectWithCredentials(dialect)
  const owner = (table: string): string => `SELECT account_id FROM ${dialect.schema}${table} WHERE brand = $1`
  switch (key.by) {
    case 'id':
      return { sql: `${select} WHERE account.brand = $1 AND account.id = $2`, values: [brand, key.value] }
    case 'email': {
      // That none is empty is said to the planner as well: the index has no accounts without an address.
      const sql = `${select} WHERE account.brand = $1 AND account.email = $2 AND account.email <> ''`
      return { sql, values: [brand, key.value] }
    }
    case 'passkey':
      return { sql: `${select} WHERE account.id = (${owner('passkeys')} AND id = $2)`, values: [brand, key.value] }
    case 'identity': {
      const sql = `${select} WHERE account.id = (${owner('identities')} AND issuer = $2 AND subject = $3)`
      return { sql, values: [brand, key.issuer, key.subject] }
    }
  }
}

function addIdentity(schema: string, identity: Identity): Statement {
  return insertInto(`${schema}identities`, identityRow(identity))
}
