import { type ClientBase, DatabaseError, Pool, type PoolConfig } from 'pg'

import type { Conditional, Result, Row, Statement } from '../sql/index.ts'
import { type StoreError, storeFailed } from '../store-error.ts'

/** Of PostgreSQL's error codes (Appendix A of its manual). */
const UNIQUE_VIOLATION = '23505'

/** Statements over bounded connections; a lost one is replaced with the next statement. */
export interface StatementPool {
  run(statement: Statement): Promise<Result>
  runTogether(statements: readonly Statement[]): Promise<void>
  runIf(condition: Statement, statements: readonly Statement[]): Promise<Conditional>
  close(): Promise<void>
}

/** @param onError hears of idle connections that broke; nobody else would */
export function createStatementPool(settings: PoolConfig, onError: (error: StoreError) => void): StatementPool {
  const pool = new Pool(settings)
  pool.on('error', (error) => onError(toStoreError(error)))
  return {
    run: (statement) => asStoreErrors(() => runOn(pool, statement)),
    async runTogether(statements) {
      await asStoreErrors(() =>
        transaction(pool, async (client) => {
          for (const statement of statements) await runOn(client, statement)
          return 'done'
        }),
      )
    },
    runIf: (condition, statements) =>
      asStoreErrors(() => transaction(pool, (client) => conditionally(client, condition, statements))),
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

/**
 * Keeps what was done only where all of it was. After an error the connection is given up, as the pool does itself for single
 * statements: the server then rolls back.
 */
async function transaction(pool: Pool, work: (client: ClientBase) => Promise<Conditional>): Promise<Conditional> {
  const client = await pool.connect()
  let broken: Error | undefined
  const onBroken = (error: Error): void => void (broken ??= error)
  client.on('error', onBroken)
  try {
    await client.query('BEGIN')
    const outcome = await work(client)
    await client.query(outcome === 'done' ? 'COMMIT' : 'ROLLBACK')
    return outcome
  } catch (error) {
    onBroken(error as Error)
    throw error
  } finally {
    client.off('error', onBroken)
    client.release(broken)
  }
}

async function conditionally(
  client: ClientBase,
  condition: Statement,
  statements: readonly Statement[],
): Promise<Conditional> {
  try {
    if ((await runOn(client, condition)).count === 0) return 'unmet'
    for (const statement of statements) await runOn(client, statement)
    return 'done'
  } catch (error) {
    if (error instanceof DatabaseError && error.code === UNIQUE_VIOLATION) return 'taken'
    throw error
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
