import type { Socket } from 'node:net'

import { type OutageListener, watchOutages } from '../outages.ts'
import { createSqlStore, type Database, type Dialect, type Result, type Statement } from '../sql/index.ts'
import type { StoreError } from '../store-error.ts'
import type { Store } from '../store.ts'
import { endWithin } from './end-within.ts'
import { followEndings } from './endings.ts'
import { migrate } from './migrate.ts'
import { POSTGRES_MIGRATIONS, SCHEMA } from './migrations.ts'
import { asStoreErrors, createStatementPool } from './pool.ts'
import { connectionSettings } from './settings.ts'

/** What a database under load may take at most; a request that needs the store waits no longer than twice that. */
const TIMEOUT_MS = 4_000

export interface PostgresOptions {
  /** Hears of connections that broke while nobody waited for an answer; the store goes on by itself. */
  onError: (error: StoreError) => void
  /** Hears when reading or writing begins to fail, and when it works again; the store goes on by itself. */
  onOutage?: OutageListener
  /** For connecting, and for each statement, in milliseconds; 4 s by default. */
  timeoutMs?: number
}

const DIALECT: Dialect = {
  schema: `${SCHEMA}.`,
  keepRows: 'FOR KEY SHARE',
  keepRowsAsTheyAre: 'FOR SHARE',
  lockRows: 'FOR UPDATE',
  lockRowsToChange: 'FOR NO KEY UPDATE',
  lockFreeRows: 'FOR UPDATE SKIP LOCKED',
  endingIsOld: `ended_at < clock_timestamp() - interval '5 minutes'`,
  jsonObject: 'json_build_object',
  jsonArray: 'json_agg',
  jsonTexts: 'json_array_elements_text',
}

/**
 * Opens (and where needed creates and migrates) the store that replicas share: a database of Postgres 13 or newer, its
 * schema `gatewright`. LISTEN needs a connection of one's own: a pooler in front must pool by session.
 * @param url `postgres://user:password@host:port/database?sslmode=verify-full`
 * @throws StoreError `store_failed` when the database cannot be reached, `store_too_new` when only a newer version can
 *   read it; neither names the password
 */
export async function openPostgresStore(url: string, options: PostgresOptions): Promise<Store> {
  const { onError, onOutage = () => undefined, timeoutMs = TIMEOUT_MS } = options
  const sockets = new Set<Socket>()
  const settings = connectionSettings(url, timeoutMs, sockets)
  await asStoreErrors(() => migrate(settings, POSTGRES_MIGRATIONS))
  const pool = createStatementPool(settings, onError)
  try {
    const endings = await followEndings(pool, settings, onError)
    const close = async (): Promise<void> => {
      await endings.close()
      await endWithin({ end: () => pool.close() })
      // Those that do not end by themselves would hold the process.
      for (const socket of sockets) socket.destroy()
    }
    let closing: Promise<void> | undefined
    const database: Database = {
      dialect: DIALECT,
      // Whoever ends a session here has ended it here when that returns; replicas hear of it.
      async run(statement) {
        const result = await pool.run(statement)
        if (mayEnd(statement, result)) await endings.look()
        return result
      },
      async runTogether(statements) {
        await pool.runTogether(statements)
        await endings.look()
      },
      async runIf(condition, statements) {
        const outcome = await pool.runIf(condition, statements)
        if (outcome === 'done') await endings.look()
        return outcome
      },
      onChanged: (listener) => endings.onChanged(listener),
      untoldFor: () => endings.untoldFor(),
      close: () => (closing ??= close()),
    }
    return createSqlStore(watchOutages(database, onOutage))
  } catch (error) {
    await endWithin({ end: () => pool.close() })
    throw error
  }
}

/** What ends or changes sessions returns no rows, and adds none. */
function mayEnd({ sql }: Statement, { count, rows }: Result): boolean {
  return count > 0 && rows.length === 0 && !sql.startsWith('INSERT')
}
