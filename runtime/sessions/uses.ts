import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Logger } from 'pino'

import { oneLine } from '../program/index.ts'
import { isStoreError, type Store } from '../store/index.ts'

/** How long a use waits for others, in milliseconds. */
const WAIT_MS = 1_000

/** Noted by one write; a store in a file holds up every request meanwhile. */
const AT_ONCE = 200

/** For how long writing is tried, in milliseconds: by then, a session that goes on being used is noted again. */
const TRIED_MS = 5 * 60_000

/** Notes which sessions were used, many by one write: when everybody comes back at once, a write each is most of what they cost. */
export interface Uses {
  /** Notes a use that is happening now. @param id of the session */
  note(id: string): void
  /** Resolves when all that was noted so far is in the store, or could not be written, which is tried again. */
  settled(): Promise<void>
}

/** @param log hears of what no store should do; of a store that fails others tell */
export function createUses(store: Pick<Store, 'touchSessions'>, log: Pick<Logger, 'error'>): Uses {
  /** When each session was used that is not noted yet, milliseconds since 1970. */
  const used = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  /** Goes once through what there is: what fails, or comes meanwhile, waits for the next time. */
  async function write(): Promise<void> {
    for (let left = used.size; left > 0;) {
      const { ids, seenAt } = takePart(used, Math.min(left, AT_ONCE))
      left -= ids.length
      try {
        await store.touchSessions(ids, seenAt)
      } catch (error) {
        if (!isStoreError(error)) log.error({ error: oneLine(error) }, 'Uses of sessions could not be noted')
        const again = Date.now() - seenAt < TRIED_MS ? ids.filter((id) => !used.has(id)) : []
        for (const id of again) used.set(id, seenAt)
      }
      await nextTurn()
    }
  }

  function writeAll(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing ??= write().finally(() => {
      writing = undefined
      if (used.size > 0) writeSoon()
    })
    return writing
  }

  function writeSoon(): void {
    timer ??= setTimeout(() => void writeAll(), WAIT_MS).unref()
  }

  return {
    note(id) {
      used.set(id, Date.now())
      writeSoon()
    },
    async settled() {
      await writing
      await writeAll()
    },
  }
}

interface Part {
  ids: readonly string[]
  /** Of the first of them: nobody's use counts as later than it was. */
  seenAt: number
}

/** Takes out what is written together: some of about the same time. */
function takePart(used: Map<string, number>, most: number): Part {
  const ids: string[] = []
  let seenAt = Infinity
  for (const [id, usedAt] of used) {
    if (ids.length === most || (ids.length > 0 && Math.abs(usedAt - seenAt) > WAIT_MS)) break
    ids.push(id)
    seenAt = Math.min(seenAt, usedAt)
    used.delete(id)
  }
  return { ids, seenAt }
}
