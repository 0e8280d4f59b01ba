import type { DatabaseSync } from 'node:sqlite'

import { EMPTY, type Migration, pendingMigrations, type SchemaVersion, versionAfter } from '../schema-version.ts'
import { StoreError } from '../store-error.ts'
import { transaction } from './transaction.ts'

/** Files from before `schema_version` have 1 here. Any other number stops programs that know nothing else. */
const USER_VERSION = 2

/**
 * Brings a file to the newest schema that this program knows, and has references kept from then on; a second program waits
 * meanwhile, and then finds it done.
 * @throws StoreError `store_too_new`; the file is left as it is
 */
export function migrate(db: DatabaseSync, file: string, known: readonly Migration[]): void {
  // A table that is made anew would take with it what refers to the old one; within a transaction this cannot be changed.
  db.exec('PRAGMA foreign_keys = OFF')
  try {
    transaction(db, () => bringUp(db, file, known))
  } finally {
    db.exec('PRAGMA foreign_keys = ON')
  }
}

function bringUp(db: DatabaseSync, file: string, known: readonly Migration[]): void {
  const pending = pendingMigrations(schemaVersion(db, file), known, file)
  if (pending.length === 0) return
  for (const { sql } of pending) db.exec(sql)
  const { version, oldestReader } = versionAfter(known)
  db.exec(
    'CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL, oldest_reader INTEGER NOT NULL) STRICT; ' +
      `DELETE FROM schema_version; PRAGMA user_version = ${USER_VERSION}`,
  )
  db.prepare('INSERT INTO schema_version (version, oldest_reader) VALUES (?, ?)').run(version, oldestReader)
}

/**
 * Which schema a file has.
 * @throws StoreError `store_too_new` where it is none of ours
 */
export function schemaVersion(db: DatabaseSync, file: string): SchemaVersion {
  if (db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'`).get()) {
    const row = db.prepare('SELECT version, oldest_reader FROM schema_version').get()
    if (row) return { version: row['version'] as number, oldestReader: row['oldest_reader'] as number }
  }
  const before = db.prepare('PRAGMA user_version').get()?.['user_version'] as number
  if (before === 0) return EMPTY
  if (before === 1) return { version: 1, oldestReader: 1 }
  throw new StoreError('store_too_new', `${file} is no store of this version of Gatewright (user_version ${before})`)
}
