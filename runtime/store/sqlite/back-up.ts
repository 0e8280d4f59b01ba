import { mkdtemp, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'

import { isStoreError, storeFailed } from '../store-error.ts'
import { examineSqliteStore, type StoreSummary } from './examine.ts'

/** How long opening may wait for the gateway, in milliseconds. */
const OPEN_MS = 5_000

/**
 * Copies a store as it is at one moment, while a gateway writes to it, and does not hold it up.
 * @param file of the store
 * @param target path of the copy, which one file holds; nothing may be there. It appears there when it is whole, checked and
 *   on the disk, for its owner alone
 * @returns what is in the copy
 * @throws StoreError, and what the file system says (`EEXIST` where something is at the target already)
 * @see https://www.sqlite.org/backup.html
 */
export async function backUpSqliteStore(file: string, target: string): Promise<StoreSummary> {
  // SQLite makes what is not there.
  await stat(file)
  const place = await mkdtemp(join(dirname(target), `.${basename(target)}.`))
  const draft = join(place, 'store')
  try {
    await copyAtOneMoment(file, draft)
    const summary = examineSqliteStore(draft)
    await becomeFile(draft, target)
    return summary
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/**
 * A copy starts again whenever somebody else has written between two of its steps. Within a transaction that reads, its
 * connection sees what was there when that began, and it goes through once: in WAL mode, writers go on beside it.
 */
async function copyAtOneMoment(file: string, draft: string): Promise<void> {
  await (await open(draft, 'wx', 0o600)).close()
  const db = new DatabaseSync(file, { timeout: OPEN_MS })
  try {
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(db, draft)
  } catch (error) {
    throw isStoreError(error) ? error : storeFailed(error)
  } finally {
    db.close()
  }
  // Else it would be copied as a file that needs two more beside it.
  const copy = new DatabaseSync(draft)
  try {
    copy.exec('PRAGMA journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

async function becomeFile(draft: string, target: string): Promise<void> {
  await flush(draft)
  // Made first, so that nothing of somebody else's is written over.
  await (await open(target, 'wx', 0o600)).close()
  await rename(draft, target)
  await flush(dirname(target))
}

/** Waits until a file, or a folder's list of files, is on the disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
