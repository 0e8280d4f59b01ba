import type { Page } from '../accounts.ts'
import { number, text } from './columns.ts'
import type { Database, Row, Statement, Value } from './database.ts'

/** A part of a WHERE; `?` stands for its values in turn. */
export interface Condition {
  sql: string
  values: readonly Value[]
}

/** A table as a list, the newest first: by a time, and by a key where several rows have the same. Both are in an index. */
export interface Listing {
  table: string
  time: string
  key: string
  keyIs: 'text' | 'number'
}

/** Where `column` has this value; no condition where there is none. */
export function equals(column: string, value: Value | undefined): Condition[] {
  return value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }]
}

/** The statement that begins with `select`, under all conditions; placeholders are numbered as engines want them. */
export function selectWhere(select: string, conditions: readonly Condition[], behind = ''): Statement {
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`
  let place = 0
  return {
    sql: `${select}${where}${behind}`.replaceAll('?', () => `$${(place += 1)}`),
    values: conditions.flatMap(({ values }) => values),
  }
}

/**
 * The statement for one part of a list, and one row more that says whether there is another part.
 * @param after `next` of the part before; one that we did not make begins the list anew
 */
export function pageStatement(
  listing: Listing,
  conditions: readonly Condition[],
  limit: number,
  after?: string,
): Statement {
  const { table, time, key } = listing
  const { sql, values } = selectWhere(
    `SELECT * FROM ${table}`,
    [...conditions, ...behindCursor(listing, after)],
    ` ORDER BY ${time} DESC, ${key} DESC LIMIT ?`,
  )
  return { sql, values: [...values, limit + 1] }
}

/** Runs such a statement. */
export async function pageOf<T>(
  database: Database,
  listing: Listing,
  statement: Statement,
  limit: number,
  toItem: (row: Row) => T,
): Promise<Page<T>> {
  if (findsNothing(statement)) return { items: [], next: undefined }
  const { rows } = await database.run(statement)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { items: shown.map(toItem), next: last && cursorOf(listing, last) }
}

/** No text in the store has a zero byte, which Postgres does not take even in a question. */
export function findsNothing({ values }: Statement): boolean {
  return values.some((value) => typeof value === 'string' && value.includes('\0'))
}

function cursorOf({ time, key, keyIs }: Listing, row: Row): string {
  return `${number(row, time)}.${keyIs === 'number' ? number(row, key) : text(row, key)}`
}

function behindCursor({ time, key, keyIs }: Listing, cursor: string | undefined): Condition[] {
  const [, at, last = ''] = /^(\d{1,15})\.(.+)$/s.exec(cursor ?? '') ?? []
  if (at === undefined || (keyIs === 'number' && !/^\d{1,15}$/.test(last))) return []
  return [{ sql: `(${time}, ${key}) < (?, ?)`, values: [Number(at), keyIs === 'number' ? Number(last) : last] }]
}
