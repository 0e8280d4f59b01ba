import { type ClientBase, DatabaseError, Pool, type PoolConfig } from 'pg'

import type { Result, Row, Statement } from '../sql/index.ts'
import { type StoreError, storeFailed } from '../store-error.ts'

/** Statements over bounded connections; a lost one is replaced with the next statement. */
export interface StatementPool {
  run(statement: Statement): Promise<Result>
  runTogether(statements: readonly Statement[]): Promise<void>
  close(): Promise<void>
}

/** @param onError hears of idle connections that broke; nobody else would */
export function createStatementPool(settings: PoolConfig, onError: (error: StoreError) => void): StatementPool {
  const pool = new Pool(settings)
  pool.on('error', (error) => onError(toStoreError(error)))
  return {
    run: (statement) => asStoreErrors(() => runOn(pool, statement)),
    runTogether: (statements) => asStoreErrors(() => transaction(pool, statements)),
    close: () => pool.end(),
  }
}

/** Runs one statement; every value is a parameter. */
export async function runOn(
  queryable: Pick<ClientBase, 'query'> | Pick<Pool, 'query'>,
  { sql, values }: Statement,
): Promise<Result> {
  const { rows, rowCount } = await queryable.query<Row>(sql, [...values])
  return { rows, count: rowCount ?? 0 }
}

/** After an error the connection is given up, as the pool does itself for single statements: the server then rolls back. */
async function transaction(pool: Pool, statements: readonly Statement[]): Promise<void> {
  const client = await pool.connect()
  let broken: Error | undefined
  const onBroken = (error: Error): void => void (broken ??= error)
  client.on('error', onBroken)
  try {
    await client.query('BEGIN')
    for (const statement of statements) await runOn(client, statement)
    await client.query('COMMIT')
  } catch (error) {
    onBroken(error as Error)
    throw error
  } finally {
    client.off('error', onBroken)
    client.release(broken)
  }
}

/** @throws StoreError `store_failed` for whatever the driver throws */
export async function asStoreErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStoreError(error)
  }
}

/**
 * What the driver threw, as the store's error and without what must not be logged: `detail` quotes rows, and the pool hangs
 * the whole connection on an error, password and all.
 */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof DatabaseError) error.detail = undefined
  if (error instanceof Error) Reflect.deleteProperty(error, 'client')
  return storeFailed(error)
}
