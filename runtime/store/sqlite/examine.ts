import { DatabaseSync } from 'node:sqlite'

import { pendingMigrations, type SchemaVersion } from '../schema-version.ts'
import { StoreError } from '../store-error.ts'
import { asStoreErrors } from './errors.ts'
import { schemaVersion } from './migrate.ts'
import { SQLITE_MIGRATIONS } from './migrations.ts'

/** What is in a file that is a store. */
export interface StoreSummary {
  accounts: number
  /** People who are signed in, by this file. */
  sessions: number
  /** Names of the keys without which the sessions cannot be used. */
  sealingKeys: string[]
  /** Milliseconds since 1970 of the youngest entry; undefined in a store to which nobody has come yet. */
  lastChangeAt: number | undefined
}

/** How many of SQLite's findings a message repeats. */
const SHOWN_FINDINGS = 3

/** How long opening may wait for another process, in milliseconds. */
const OPEN_MS = 5_000

/**
 * Looks at a whole file: every page and index, every reference, and whether this version can work with it.
 * @param file of a store that nobody else has open, or a copy
 * @throws StoreError `store_damaged` with what SQLite found, or when it is no store at all; `store_too_new`
 */
export function examineSqliteStore(file: string): StoreSummary {
  return asStoreErrors(file, () => {
    const db = new DatabaseSync(file, { timeout: OPEN_MS })
    try {
      requireWhole(db, file)
      const version = schemaVersion(db, file)
      pendingMigrations(version, SQLITE_MIGRATIONS, file)
      requireOwnCode(db, version, file)
      return summaryOf(db)
    } finally {
      db.close()
    }
  })
}

function requireWhole(db: DatabaseSync, file: string): void {
  const findings = findingsIn(db)
  if (findings.length > 0) {
    throw new StoreError('store_damaged', `${file} is damaged: ${findings.slice(0, SHOWN_FINDINGS).join('; ')}`)
  }
  if (tablesOf(db).has('sessions')) return
  throw new StoreError('store_damaged', `${file} is no store of a gateway`)
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html): the file is worse than what the checks report. */
const UNREADABLE: readonly unknown[] = [11, 26]

/** @see https://www.sqlite.org/pragma.html#pragma_integrity_check */
function findingsIn(db: DatabaseSync): string[] {
  try {
    const pages = db.prepare(`PRAGMA integrity_check(${SHOWN_FINDINGS})`).all()
    const references = db.prepare('PRAGMA foreign_key_check').all()
    return [
      ...pages.map((row) => String(row['integrity_check'])).filter((finding) => finding !== 'ok'),
      ...references.map((row) => `a row of ${String(row['table'])} without its ${String(row['parent'])}`),
    ]
  } catch (error) {
    const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
    if (error instanceof Error && UNREADABLE.includes(errcode)) return [error.message]
    throw error
  }
}

/**
 * What a file does by itself when its rows change is ours: a trigger of somebody else's could keep sessions from ending.
 * @throws StoreError `store_damaged`
 */
function requireOwnCode(db: DatabaseSync, { version }: SchemaVersion, file: string): void {
  const model = new DatabaseSync(':memory:')
  try {
    for (const { sql } of SQLITE_MIGRATIONS.slice(0, version)) model.exec(sql)
    const [found, wanted] = [codeOf(db), codeOf(model)]
    const other = [...found].find((code) => !wanted.has(code)) ?? [...wanted].find((code) => !found.has(code))
    if (other === undefined) return
    throw new StoreError('store_damaged', `${file} has another ${other.split(':')[0]} than this version makes`)
  } finally {
    model.close()
  }
}

function codeOf(db: DatabaseSync): Set<string> {
  const rows = db.prepare(
    `SELECT type || ' ' || name || ': ' || sql AS code FROM sqlite_schema WHERE type IN ('trigger', 'view')`,
  )
  return new Set(rows.all().map((row) => String(row['code']).replace(/\s+/g, ' ')))
}

/** An older version's file lacks what came later. */
function summaryOf(db: DatabaseSync): StoreSummary {
  const tables = tablesOf(db)
  const number = (sql: string): number => Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0)
  const keys = db.prepare(
    `SELECT DISTINCT substr(sealed_tokens, 1, instr(sealed_tokens, '.') - 1) AS name FROM sessions`,
  )
  const lastChangeAt = Math.max(
    number('SELECT max(seen_at) FROM sessions'),
    tables.has('audit') ? number('SELECT max(happened_at) FROM audit') : 0,
  )
  return {
    accounts: tables.has('accounts') ? number('SELECT count(*) FROM accounts') : 0,
    sessions: number('SELECT count(*) FROM sessions'),
    sealingKeys: keys
      .all()
      .map((row) => String(row['name']))
      .toSorted(),
    lastChangeAt: lastChangeAt === 0 ? undefined : lastChangeAt,
  }
}

/** Names of a file's tables. */
export function tablesOf(db: DatabaseSync): Set<string> {
  return new Set(
    db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .all()
      .map((row) => String(row['name'])),
  )
}
