import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

import { MIGRATIONS } from './schema.ts'
import type { HandOver, HostSession, Person, Session, Store } from './store.ts'

/** How long a statement may wait for a lock, in milliseconds: it holds up every request meanwhile. */
const BUSY_MS = 50

/** Whether an error came from the store, and not from a mistake of its caller. */
export function isStoreError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'
}

type Row = Record<string, SQLOutputValue>

/**
 * Opens (and where needed creates and migrates) the embedded store: SQLite in WAL mode, one process at a time.
 * @param file path of the database; its folder must exist
 * @throws Error when the file cannot be opened or was written by a newer version
 */
export function openSqliteStore(file: string): Store {
  const db = new DatabaseSync(file, { timeout: BUSY_MS })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
  migrate(db, file)
  const statements = prepare(db)
  return {
    async insertSession(session, replacesId) {
      transaction(db, () => {
        if (replacesId !== undefined) statements.deleteSession.run(replacesId)
        statements.insertSession.run({
          id: session.id,
          brand: session.brand,
          identityProvider: session.identityProvider,
          issuer: session.issuer,
          subject: session.subject,
          sid: session.sid ?? null,
          person: JSON.stringify(session.person),
          sealedTokens: session.sealedTokens,
          createdAt: session.createdAt,
          seenAt: session.seenAt,
          expiresAt: session.expiresAt,
        })
      })
    },
    async findSession(id) {
      const row = statements.findSession.get(id)
      return row && toSession(row)
    },
    async touchSession(id, seenAt) {
      statements.touchSession.run(seenAt, id)
    },
    async deleteSession(id) {
      statements.deleteSession.run(id)
    },
    async insertHostSession({ id, parentId, route }) {
      return statements.insertHostSession.run(id, route, parentId).changes === 1
    },
    async findHostSession(id) {
      const row = statements.findHostSession.get(id)
      return row && { hostSession: toHostSession(row), session: toSession(row) }
    },
    async deleteHostSession(id) {
      statements.deleteHostSession.run(id)
    },
    async insertHandOver(handOver) {
      statements.insertHandOver.run({ ...handOver })
    },
    async takeHandOver(id, now) {
      const row = statements.takeHandOver.get(id)
      return row && (row['expires_at'] as number) > now ? toHandOver(row) : undefined
    },
    async useOnce(id, expiresAt) {
      return statements.useOnce.run(id, expiresAt).changes === 1
    },
    async removeExpired(now, idleSince) {
      transaction(db, () => {
        statements.removeSessions.run(now, idleSince)
        statements.removeHandOvers.run(now)
        statements.removeUsedIds.run(now)
      })
    },
    async close() {
      db.close()
    },
  }
}

function prepare(db: DatabaseSync) {
  return {
    insertSession: db.prepare(
      `INSERT INTO sessions VALUES ($id, $brand, $identityProvider, $issuer, $subject, $sid, $person, $sealedTokens,
       $createdAt, $seenAt, $expiresAt)`,
    ),
    findSession: db.prepare('SELECT * FROM sessions WHERE id = ?'),
    touchSession: db.prepare('UPDATE sessions SET seen_at = ? WHERE id = ?'),
    deleteSession: db.prepare('DELETE FROM sessions WHERE id = ?'),
    insertHostSession: db.prepare('INSERT INTO host_sessions SELECT ?, id, ? FROM sessions WHERE id = ?'),
    findHostSession: db.prepare(
      `SELECT sessions.*, host.id AS host_id, host.route FROM host_sessions AS host
       JOIN sessions ON sessions.id = host.parent_id WHERE host.id = ?`,
    ),
    deleteHostSession: db.prepare('DELETE FROM host_sessions WHERE id = ?'),
    insertHandOver: db.prepare(
      'INSERT INTO hand_overs VALUES ($id, $parentId, $brand, $route, $bindingHash, $returnTo, $expiresAt)',
    ),
    takeHandOver: db.prepare('DELETE FROM hand_overs WHERE id = ? RETURNING *'),
    useOnce: db.prepare('INSERT INTO used_ids VALUES (?, ?) ON CONFLICT DO NOTHING'),
    removeSessions: db.prepare('DELETE FROM sessions WHERE expires_at <= ? OR seen_at <= ?'),
    removeHandOvers: db.prepare('DELETE FROM hand_overs WHERE expires_at <= ?'),
    removeUsedIds: db.prepare('DELETE FROM used_ids WHERE expires_at <= ?'),
  }
}

function migrate(db: DatabaseSync, file: string): void {
  const done = db.prepare('PRAGMA user_version').get()?.['user_version'] as number
  if (done > MIGRATIONS.length) throw new Error(`${file} was written by a newer version of Gatewright`)
  MIGRATIONS.slice(done).forEach((step, index) => {
    transaction(db, () => db.exec(`${step}; PRAGMA user_version = ${done + index + 1}`))
  })
}

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

function toSession(row: Row): Session {
  return {
    id: row['id'] as string,
    brand: row['brand'] as string,
    identityProvider: row['identity_provider'] as string,
    issuer: row['issuer'] as string,
    subject: row['subject'] as string,
    sid: (row['sid'] as string | null) ?? undefined,
    person: JSON.parse(row['person'] as string) as Person,
    sealedTokens: row['sealed_tokens'] as string,
    createdAt: row['created_at'] as number,
    seenAt: row['seen_at'] as number,
    expiresAt: row['expires_at'] as number,
  }
}

function toHostSession(row: Row): HostSession {
  return { id: row['host_id'] as string, parentId: row['id'] as string, route: row['route'] as string }
}

function toHandOver(row: Row): HandOver {
  return {
    id: row['id'] as string,
    parentId: row['parent_id'] as string,
    brand: row['brand'] as string,
    route: row['route'] as string,
    bindingHash: row['binding_hash'] as string,
    returnTo: row['return_to'] as string,
    expiresAt: row['expires_at'] as number,
  }
}
