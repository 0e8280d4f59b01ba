import type { ClientConfig } from 'pg'

import { createChangeListeners, type Changed, type ChangeListeners } from '../change-listeners.ts'
import type { StoreError } from '../store-error.ts'
import { createEndingsReader } from './endings-reader.ts'
import { keepListening } from './listening.ts'
import { runOn, type StatementPool, toStoreError } from './pool.ts'

/**
 * Endings are read when a notification comes, and so often without one: as the fallback while nobody listens, and to see
 * that the listening connection still answers.
 */
const POLL_MS = 750

export interface Endings {
  onChanged: ChangeListeners['add']
  /** Resolves when everything that has ended before the call was told. */
  look(): Promise<void>
  /** Milliseconds since the last reading that came back. */
  untoldFor(): number
  close(): Promise<void>
}

/**
 * Tells of what ends from now on. Notifications only hurry it: what is told is read from the table.
 * @param onError hears once of each time that reading or listening broke off
 */
export async function followEndings(
  pool: StatementPool,
  settings: ClientConfig,
  onError: (error: StoreError) => void,
): Promise<Endings> {
  const listeners = createChangeListeners()
  const reader = createEndingsReader()
  // What ended before this store was opened was never found by it.
  await reader.read((statement) => pool.run(statement))
  let lookedAt = performance.now()
  const { look, stop } = createLook(async () => listeners.tell(await read()))

  let broken = false
  let closed = false
  function report(error: Error): void {
    if (!broken && !closed) onError(toStoreError(error))
    broken = true
  }

  async function read(): Promise<Changed> {
    const client = listening.client()
    const began = performance.now()
    try {
      const changed = await reader.read((statement) => (client ? runOn(client, statement) : pool.run(statement)))
      lookedAt = began
      return changed
    } catch (error) {
      reader.forget()
      report(error as Error)
      if (client) listening.drop(error as Error)
      return []
    }
  }

  const listening = keepListening(settings, {
    onNotified: () => void look(),
    onUp() {
      if (broken) reader.forget()
      broken = false
      void look()
    },
    onLost: report,
  })
  await listening.tried
  const poll = setInterval(() => void look(), POLL_MS)

  return {
    onChanged: (listener) => listeners.add(listener),
    look,
    untoldFor: () => performance.now() - lookedAt,
    async close() {
      closed = true
      clearInterval(poll)
      stop()
      await listening.close()
    },
  }
}

/** One reading at a time; whoever asks for one meanwhile gets, with all others who do, one that begins behind it. */
function createLook(read: () => Promise<void>): { look: () => Promise<void>; stop: () => void } {
  let reading: Promise<void> | undefined
  let next: Promise<void> | undefined
  let isStopped = false

  function look(): Promise<void> {
    if (isStopped) return Promise.resolve()
    if (reading === undefined) {
      reading = read().finally(() => (reading = undefined))
      return reading
    }
    next ??= reading.then(() => {
      next = undefined
      return look()
    })
    return next
  }

  return {
    look,
    stop() {
      isStopped = true
    },
  }
}
