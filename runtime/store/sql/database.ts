import type { Changed } from '../change-listeners.ts'

/** What both engines take and give: text and whole numbers. */
export type Value = string | number | null
export type Row = Record<string, Value>

/** `$1`, `$2`… in the SQL stand for the values. */
export interface Statement {
  sql: string
  values: readonly Value[]
}

/** What a statement returned, and how many rows it changed. */
export interface Result {
  rows: Row[]
  count: number
}

/** How an engine says what standard SQL has no word for. */
export interface Dialect {
  /** Stands in front of a table's name. */
  schema: string
  /** Behind a SELECT: waits for who is deleting the row, and keeps it until our own statement is done. */
  keepRows: string
  /** Behind a SELECT: waits for who is changing or deleting the row, and keeps it as it is until our own step is done. */
  keepRowsAsTheyAre: string
  /** Behind a SELECT: takes the rows for deletion, in the order given. */
  lockRows: string
  /** Behind a SELECT: takes the rows for a change that leaves their keys, in the order given. */
  lockRowsToChange: string
  /** Behind a SELECT: takes the rows for deletion that nobody else has taken. */
  lockFreeRows: string
  /** True of an ending that every replica has read: it is minutes old by the database's clock. */
  endingIsOld: string
  /** The function that makes a JSON object of names and values in turn. */
  jsonObject: string
  /** The function that gathers the values of all rows in a JSON array; of none it makes an empty one or null. */
  jsonArray: string
  /** The function that gives the texts of a JSON array as rows of `value`. */
  jsonTexts: string
}

/**
 * What came of a step with a condition. `unmet`: the condition found or changed no row. `taken`: something of the kind is
 * there already that must be unique. In both cases nothing happened.
 */
export type Conditional = 'done' | 'unmet' | 'taken'

/** An engine under the store. What it rejects with is a StoreError. */
export interface Database {
  dialect: Dialect
  run(statement: Statement): Promise<Result>
  /** All of them in order, or none. */
  runTogether(statements: readonly Statement[]): Promise<void>
  /** All of them in order if the condition finds or changes a row; none, its own change included, otherwise. */
  runIf(condition: Statement, statements: readonly Statement[]): Promise<Conditional>
  onChanged(listener: (ended: Changed) => void): () => void
  untoldFor(): number
  close(): Promise<void>
}

/** The statement that inserts a row. */
export function insertInto(table: string, row: Row): Statement {
  const columns = Object.keys(row)
  const places = columns.map((_, index) => `$${index + 1}`)
  return {
    sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    values: Object.values(row),
  }
}

/** Runs a statement for the row that it returns, if any. */
export async function rowOf(database: Database, sql: string, ...values: Value[]): Promise<Row | undefined> {
  return (await database.run({ sql, values })).rows[0]
}

/** Runs a statement for how many rows it changes. */
export async function changedBy(database: Database, sql: string, ...values: Value[]): Promise<number> {
  return (await database.run({ sql, values })).count
}
