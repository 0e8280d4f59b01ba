import { type RestoredSessions, stageSqliteStore, type StoreSummary } from '../../runtime/store/index.ts'
import { asFailures } from './failures.ts'
import { stopGateway } from './gateway-control.ts'
import type { StorePlace } from './place.ts'

/** What a restore did. */
export interface Restored {
  /** What was in the backup. */
  summary: StoreSummary
  /** Where the former store is kept. */
  former: string | undefined
  /** Whether the gateway was running, and runs again. */
  restarted: boolean
}

/**
 * Puts a backup in the place of a gateway's store. The backup is copied beside the store and checked while the gateway runs;
 * only then is it stopped, for a rename, and started again, whatever became of that.
 * @param backup path of a file
 * @throws Failure `store_unfit`, `store_unusable`, `gateway_running`: the store is as it was; `gateway_not_ready`
 */
export async function restoreStore(backup: string, place: StorePlace, sessions: RestoredSessions): Promise<Restored> {
  const staged = await asFailures(() => stageSqliteStore(backup, place.file, sessions))
  try {
    const stopped = await stopGateway(place)
    try {
      const former = await asFailures(() => staged.takePlace(new Date()))
      return { summary: staged.summary, former, restarted: stopped !== undefined }
    } finally {
      await stopped?.startAgain()
    }
  } finally {
    await staged.discard()
  }
}
