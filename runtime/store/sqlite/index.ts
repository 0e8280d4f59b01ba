import { DatabaseSync, type StatementSync } from 'node:sqlite'

import { createChangeListeners } from '../change-listeners.ts'
import { type OutageListener, watchOutages } from '../outages.ts'
import {
  type Conditional,
  createSqlStore,
  type Database,
  type Dialect,
  type Result,
  type Row,
  type Statement,
} from '../sql/index.ts'
import type { Store } from '../store.ts'
import { followEndings } from './endings.ts'
import { asStoreErrors } from './errors.ts'
import { migrate } from './migrate.ts'
import { SQLITE_MIGRATIONS } from './migrations.ts'
import { transaction, transactionIf } from './transaction.ts'

/** How long a statement may wait for another process's lock, in milliseconds: it holds up every request meanwhile. */
const BUSY_MS = 50

/** How long opening may wait: for another process that migrates, which takes 8 s for 100,000 sessions. */
const OPEN_MS = 20_000

/** One writer at a time: there is nothing to lock. */
const DIALECT: Dialect = {
  schema: '',
  keepRows: '',
  keepRowsAsTheyAre: '',
  lockRows: '',
  lockRowsToChange: '',
  lockFreeRows: '',
  endingIsOld: 'ended_at < unixepoch() - 300',
  jsonObject: 'json_object',
  jsonArray: 'json_group_array',
  jsonTexts: 'json_each',
}

/**
 * Opens (and where needed creates and migrates) the embedded store: SQLite in WAL mode. Processes of one machine may share
 * the file, for as long as one takes over from another.
 * @param file path of the database; its folder must exist
 * @param onOutage hears when reading or writing begins to fail, and when it works again; the store goes on by itself
 * @throws StoreError `store_failed` when the file cannot be opened, `store_full` or `store_read_only` when it cannot be made or
 *   migrated, `store_too_new` when only a newer version can read it
 */
export function openSqliteStore(file: string, onOutage: OutageListener = () => undefined): Store {
  return createSqlStore(
    watchOutages(
      asStoreErrors(file, () => openDatabase(file)),
      onOutage,
    ),
  )
}

function openDatabase(file: string): Database {
  const db = new DatabaseSync(file, { timeout: OPEN_MS })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    migrate(db, file, SQLITE_MIGRATIONS)
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
  } catch (error) {
    db.close()
    throw error
  }
  const listeners = createChangeListeners()
  const endings = followEndings(db, listeners)
  const execute = createExecutor(db)
  return {
    dialect: DIALECT,
    async run(statement) {
      return asStoreErrors(file, () => {
        const result = execute(statement)
        // What ends or changes sessions returns no rows.
        if (result.count > 0 && result.rows.length === 0) endings.look()
        return result
      })
    },
    async runTogether(statements) {
      asStoreErrors(file, () => {
        transaction(db, () => statements.forEach(execute))
        endings.look()
      })
    },
    async runIf(condition, statements) {
      return asStoreErrors(file, () => {
        const outcome = conditionally(db, execute, condition, statements)
        endings.look()
        return outcome
      })
    },
    onChanged: (listener) => listeners.add(listener),
    untoldFor: () => endings.untoldFor(),
    async close() {
      endings.close()
      if (db.isOpen) db.close()
    },
  }
}

function conditionally(
  db: DatabaseSync,
  execute: (statement: Statement) => Result,
  condition: Statement,
  statements: readonly Statement[],
): Conditional {
  try {
    const done = transactionIf(db, () => {
      if (execute(condition).count === 0) return false
      statements.forEach(execute)
      return true
    })
    return done ? 'done' : 'unmet'
  } catch (error) {
    if (isTaken(error)) return 'taken'
    throw error
  }
}

/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE (sqlite.org/rescode.html). */
const TAKEN: readonly unknown[] = [1_555, 2_067]

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && TAKEN.includes(error.errcode)
}

/** Statements are prepared once; their texts are few, and known. */
function createExecutor(db: DatabaseSync): (statement: Statement) => Result {
  const prepared = new Map<string, { statement: StatementSync; returnsRows: boolean }>()

  function prepare(sql: string) {
    const known = prepared.get(sql)
    if (known) return known
    const statement = db.prepare(sql)
    const entry = { statement, returnsRows: statement.columns().length > 0 }
    prepared.set(sql, entry)
    return entry
  }

  return ({ sql, values }) => {
    const { statement, returnsRows } = prepare(sql)
    const parameters = Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]))
    if (!returnsRows) return { rows: [], count: Number(statement.run(parameters).changes) }
    const rows = statement.all(parameters) as Row[]
    return { rows, count: rows.length }
  }
}
