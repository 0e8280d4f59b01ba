import type { DatabaseSync } from 'node:sqlite'

/**
 * All of the work, or none. The file is locked from the start, so that it cannot fail half-way for another writer.
 * @throws what the work throws
 */
export function transaction(db: DatabaseSync, work: () => void): void {
  transactionIf(db, () => {
    work()
    return true
  })
}

/**
 * All of the work if it says so in the end; none otherwise.
 * @throws what the work throws
 */
export function transactionIf(db: DatabaseSync, work: () => boolean): boolean {
  db.exec('BEGIN IMMEDIATE')
  try {
    const keep = work()
    db.exec(keep ? 'COMMIT' : 'ROLLBACK')
    return keep
  } catch (error) {
    // A full disk, for one, has ended it already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
