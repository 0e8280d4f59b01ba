import { setImmediate as nextTurn } from 'node:timers/promises'

import { isStoreError, type Store } from '../store/index.ts'

/** How long a use waits for others, in milliseconds. */
const WAIT_MS = 1_000

/** Noted by one write; a store in a file holds up every request meanwhile. */
const AT_ONCE = 200

/** Notes which sessions were used, many by one write: when everybody comes back at once, a write each is most of what they cost. */
export interface Uses {
  /** Notes a use that is happening now. @param id of the session */
  note(id: string): void
  /** Resolves when all that was noted so far is in the store. */
  settled(): Promise<void>
}

/** What cannot be written is let go: a session that goes on being used is noted again when it is looked at next. */
export function createUses(store: Pick<Store, 'touchSessions'>): Uses {
  let used = new Set<string>()
  /** When the first of them was, milliseconds since 1970: nobody's use counts as later than it was. */
  let since = 0
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  async function write(ids: readonly string[], seenAt: number): Promise<void> {
    for (let first = 0; first < ids.length; first += AT_ONCE) {
      await store.touchSessions(ids.slice(first, first + AT_ONCE), seenAt)
      await nextTurn()
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const [ids, seenAt] = [[...used], since]
    used = new Set()
    writing = writing
      .then(() => write(ids, seenAt))
      .catch((error: unknown) => {
        if (!isStoreError(error)) throw error
      })
    return writing
  }

  return {
    note(id) {
      if (used.size === 0) since = Date.now()
      used.add(id)
      timer ??= setTimeout(() => void flush(), WAIT_MS).unref()
    },
    settled: flush,
  }
}
