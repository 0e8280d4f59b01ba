import { constants } from 'node:fs'
import { chmod, chown, copyFile, link, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { StoreError } from '../store-error.ts'
import { flush } from './back-up.ts'
import { asStoreErrors } from './errors.ts'
import { examineSqliteStore, type StoreSummary, tablesOf } from './examine.ts'

/** What of a backup counts. Whatever ended since then would live again: sign-outs, links that were used, refresh tokens. */
export type RestoredSessions = 'ended' | 'kept'

/** A store that lies ready beside the one whose place it will take. */
export interface StagedStore {
  /** What is in it, and was in the backup. */
  summary: StoreSummary
  /**
   * Puts it in the place of the store, in one rename. Nobody may have the store open.
   * @returns where the former store is kept; undefined where there was none
   */
  takePlace(now: Date): Promise<string | undefined>
  /** Gives it up. */
  discard(): Promise<void>
}

/** Where somebody is in the middle of something: of no use to anybody later, and dangerous to take up again. */
const ENDED = ['host_sessions', 'sessions', 'hand_overs', 'kept_bodies', 'leases', 'tickets']

/** What SQLite keeps beside a file that was not closed (sqlite.org/tempfiles.html), and cannot do without. */
const LOGS = ['-wal', '-journal']

/**
 * Copies a backup to where it can take the place of a store by a rename, and checks the copy. Nothing else is touched.
 * @param backup path of a file that `backUpSqliteStore` made
 * @param file of the store; its folder exists, and says whose the store is. The folder above is used meanwhile: who runs the
 *   gateway may write to the first and not always to the second, and what root works on must be nobody else's to exchange.
 * @throws StoreError `store_damaged`, `store_too_new`, and what the file system says
 */
export async function stageSqliteStore(backup: string, file: string, sessions: RestoredSessions): Promise<StagedStore> {
  const owner = await stat(dirname(file))
  await requireOneDisk(owner, dirname(file))
  const place = await mkdtemp(join(dirname(dirname(file)), '.restoring-'))
  const staged = join(place, 'store')
  const discard = (): Promise<void> => rm(place, { recursive: true, force: true })
  try {
    await copyFile(backup, staged, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    // A store that was kept after a crash has in its log what was written last.
    for (const suffix of LOGS) {
      await copyFile(`${backup}${suffix}`, `${staged}${suffix}`, constants.COPYFILE_EXCL).catch(ignoreMissing)
    }
    await chmod(staged, 0o600)
    const summary = examineSqliteStore(staged)
    asStoreErrors(staged, () => settle(staged, sessions))
    await chown(staged, owner.uid, owner.gid)
    await flush(staged)
    return { summary, discard, takePlace: (now) => takePlace(staged, file, now) }
  } catch (error) {
    await discard()
    throw error
  }
}

/** Nothing is renamed from one file system to another; that is to be known before a gateway is stopped for it. */
async function requireOneDisk({ dev }: { dev: number }, data: string): Promise<void> {
  if ((await stat(dirname(data))).dev === dev) return
  throw new StoreError(
    'store_failed',
    `${data} is on a disk of its own, where a restore cannot be made in one step: mount that disk further up, above ${dirname(data)}`,
  )
}

function settle(staged: string, sessions: RestoredSessions): void {
  const db = new DatabaseSync(staged)
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = ON; BEGIN IMMEDIATE')
    const tables = tablesOf(db)
    if (sessions === 'ended') {
      for (const table of ENDED.filter((name) => tables.has(name))) db.exec(`DELETE FROM ${table}`)
    }
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}

async function takePlace(staged: string, file: string, now: Date): Promise<string | undefined> {
  const former = `${file}.before-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`
  const hadFormer = await keep(file, former)
  // A log of changes that is not its own would be read into the new store.
  for (const suffix of ['-wal', '-shm', '-journal']) await rm(`${file}${suffix}`, { force: true })
  await rename(staged, file)
  await flush(dirname(file))
  return hadFormer ? former : undefined
}

/** Keeps a store under another name too, with the changes that a crash has left in its log. */
async function keep(file: string, former: string): Promise<boolean> {
  try {
    await link(file, former)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  for (const suffix of LOGS) {
    await link(`${file}${suffix}`, `${former}${suffix}`).catch(ignoreMissing)
  }
  return true
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
