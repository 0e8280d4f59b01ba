import type { DatabaseSync } from 'node:sqlite'

/**
 * All of the work, or none. The file is locked from the start, so that it cannot fail half-way for another writer.
 * @throws what the work throws
 */
export function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    // A full disk, for one, has ended it already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
