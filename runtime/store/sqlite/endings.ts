import type { DatabaseSync } from 'node:sqlite'

import { type ChangeListeners, MOST_CHANGED_AT_ONCE } from '../change-listeners.ts'

/** How often other processes' changes are looked for: a pragma of microseconds that reads no page. */
const POLL_MS = 250

/** Tells of rows in `endings` that this store has not told of yet: of what ended, and of what changed. */
export interface Endings {
  /** Looks at once, after a change of one's own; does not throw. */
  look(): void
  /** Milliseconds since the last successful look. */
  untoldFor(): number
  close(): void
}

/** Follows `endings` from its present end, by `PRAGMA data_version` where other processes write. */
export function followEndings(db: DatabaseSync, listeners: ChangeListeners): Endings {
  const dataVersion = db.prepare('PRAGMA data_version')
  const latest = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'endings'`)
  const since = db.prepare(
    `SELECT session_id FROM endings WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ${MOST_CHANGED_AT_ONCE}`,
  )
  const latestSeq = (): number => (latest.get()?.['seq'] as number | undefined) ?? 0

  let version = dataVersion.get()?.['data_version']
  let told = latestSeq()
  let lookedAt = performance.now()

  function readOn(): void {
    const seq = latestSeq()
    if (seq === told) return
    const ids = since.all(told, seq).map((row) => row['session_id'] as string)
    // Fewer than there were: too many at once, or removed for their age while this process was stopped.
    listeners.tell(ids.length === seq - told ? ids : 'everything')
    told = seq
  }

  /** Where the file cannot be read, who listens asks the store and is refused; what was not told stays due. */
  function orEverything(work: () => void): void {
    try {
      work()
      lookedAt = performance.now()
    } catch {
      listeners.tell('everything')
    }
  }

  const poll = setInterval(() => {
    orEverything(() => {
      const current = dataVersion.get()?.['data_version']
      if (current === version) return
      readOn()
      version = current
    })
  }, POLL_MS).unref()

  return {
    look: () => orEverything(readOn),
    untoldFor: () => performance.now() - lookedAt,
    close: () => clearInterval(poll),
  }
}
