import { Client, type ClientConfig } from 'pg'

import { endWithin } from './end-within.ts'
import { ENDINGS_CHANNEL } from './migrations.ts'

/** Between two attempts to connect; it doubles up to the longest. */
const SHORTEST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000

/** What a listening connection calls; it may happen at any time. */
export interface ListeningEvents {
  /** Somebody noted an ending. */
  onNotified(): void
  /** From now on notifications come; what was before is not told. */
  onUp(): void
  /** No notification comes until `onUp`; called for each attempt that fails as well. */
  onLost(error: Error): void
}

/** A connection of its own that listens, and is made anew when it is lost. */
export interface Listening {
  /** Resolves after the first attempt, however it went. */
  tried: Promise<void>
  /** The connection, while it is up. */
  client(): Client | undefined
  /** Gives a connection up that does not answer any more. */
  drop(error: Error): void
  close(): Promise<void>
}

/** Connects, and again whenever that did not succeed or did not last. Nothing of `events` is called before it returns. */
export function keepListening(settings: ClientConfig, events: ListeningEvents): Listening {
  let up: Client | undefined
  let lose: ((error: Error) => void) | undefined
  let retry: NodeJS.Timeout | undefined
  let ending: Promise<void> | undefined
  let failures = 0
  let closed = false

  async function connect(): Promise<void> {
    const client = new Client(settings)
    let gone = false
    const lost = (error: Error): void => {
      if (gone) return
      gone = true
      up = undefined
      ending = endWithin(client)
      if (closed) return
      retry = setTimeout(() => void connect(), waitAfter(failures))
      failures += 1
      events.onLost(error)
    }
    lose = lost
    client.on('error', lost)
    client.on('end', () => lost(new Error('the listening connection ended')))
    client.on('notification', () => events.onNotified())
    try {
      await client.connect()
      await client.query(`LISTEN ${ENDINGS_CHANNEL}`)
    } catch (error) {
      lost(error as Error)
    }
    if (gone) return
    up = client
    failures = 0
    events.onUp()
  }

  return {
    tried: connect(),
    client: () => up,
    drop: (error) => lose?.(error),
    async close() {
      closed = true
      clearTimeout(retry)
      lose?.(new Error('closed'))
      await ending
    },
  }
}

/** Replicas that lost the same server do not come back all at once. */
function waitAfter(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** failures) * (0.5 + Math.random() / 2)
}
