import type { AccountFilter, AccountStore } from '../accounts.ts'
import { toAccount } from './account-rows.ts'
import { number, text } from './columns.ts'
import type { Database, Statement } from './database.ts'
import { fold } from './fold.ts'
import { type Condition, equals, findsNothing, type Listing, pageOf, pageStatement, selectWhere } from './pages.ts'

/** Longer than any address or name; engines refuse longer patterns from some length on. */
const LONGEST_SEARCH = 1_000

type ListMethods = Pick<AccountStore, 'listAccounts' | 'countAccounts' | 'countIdentities'>

/** Accounts by what they have in common. */
export function accountListMethods(database: Database): ListMethods {
  const { schema } = database.dialect
  return {
    listAccounts: (filter, limit, after) =>
      pageOf(database, accountListing(schema), accountsStatement(schema, filter, limit, after), limit, toAccount),
    async countAccounts(filter) {
      const statement = accountCountStatement(schema, filter)
      if (findsNothing(statement)) return 0
      const row = (await database.run(statement)).rows[0]
      return row ? number(row, 'accounts') : 0
    },
    async countIdentities(brand) {
      const { rows } = await database.run(identityCountStatement(schema, brand))
      return Object.fromEntries(rows.map((row) => [text(row, 'identity_provider'), number(row, 'accounts')]))
    },
  }
}

/** One part of the list of accounts. */
export function accountsStatement(schema: string, filter: AccountFilter, limit: number, after?: string): Statement {
  return pageStatement(accountListing(schema), accountConditions(filter), limit, after)
}

/** How many accounts there are. */
export function accountCountStatement(schema: string, filter: AccountFilter): Statement {
  return selectWhere(`SELECT count(*) AS accounts FROM ${schema}accounts`, accountConditions(filter))
}

/** How many accounts each provider signs in: one that signs in by two identities of a provider counts once. */
function identityCountStatement(schema: string, brand?: string): Statement {
  const select = `SELECT identity_provider, count(DISTINCT account_id) AS accounts FROM ${schema}identities`
  return selectWhere(select, equals('brand', brand), ' GROUP BY identity_provider')
}

function accountListing(schema: string): Listing {
  return { table: `${schema}accounts`, time: 'created_at', key: 'id', keyIs: 'text' }
}

function accountConditions({ brand, status, search = '', ids }: AccountFilter): Condition[] {
  return [...equals('brand', brand), ...equals('status', status), ...searching(search.trim()), ...oneOf('id', ids)]
}

function oneOf(column: string, values: readonly string[] | undefined): Condition[] {
  if (values === undefined) return []
  if (values.length === 0) return [{ sql: '1 = 0', values }]
  return [{ sql: `${column} IN (${values.map(() => '?').join(', ')})`, values }]
}

/** The middle of a text is in no index: accounts are gone through in the order of the list. */
function searching(searched: string): Condition[] {
  if (searched === '') return []
  const pattern = `%${fold(searched).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  if (pattern.length > LONGEST_SEARCH) return [{ sql: '1 = 0', values: [] }]
  const like = (column: string): string => String.raw`${column} LIKE ? ESCAPE '\'`
  return [
    { sql: `(id = ? OR ${like('folded_email')} OR ${like('folded_names')})`, values: [searched, pattern, pattern] },
  ]
}
