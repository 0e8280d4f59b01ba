import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

import { Refusal } from '../refusal.ts'

/** How work of one kind is spread over time; all in milliseconds. */
export interface PaceBounds {
  /** How long each waits at the least. */
  waitMs: number
  /** Between one and the next of the same key. */
  everyMs: number
  /** Who would wait longer is asked to come again. */
  longestMs: number
  /** How many wait at once, of all keys. */
  waiting: number
}

/** What time it is, and waiting; a test's own. */
export interface PaceClock {
  /** Milliseconds that never go back. */
  now: () => number
  wait: (ms: number) => Promise<unknown>
}

/** Lets through one after the other, in the order of their coming, and never keeps anybody out for longer than the others need. */
export interface Pace {
  /** Resolves when it is the caller's turn. @throws Refusal `busy` where too many wait already */
  turn(key: string): Promise<void>
}

const CLOCK: PaceClock = {
  now: () => performance.now(),
  // Whoever waits has a connection, which keeps the process; a gateway that stops does not wait for them.
  wait: (ms) => delay(ms, undefined, { ref: false }),
}

/** One is of this process. What it keeps of a key goes with the last who waits for it. */
export function createPace(bounds: PaceBounds, { now, wait }: PaceClock = CLOCK): Pace {
  /** When the last who waits has their turn. */
  const lastTurns = new Map<string, number>()
  let waiting = 0
  return {
    async turn(key) {
      const from = now()
      const turn = Math.max(from + bounds.waitMs, (lastTurns.get(key) ?? -Infinity) + bounds.everyMs)
      if (turn - from > bounds.longestMs || waiting >= bounds.waiting) {
        const retryAfterSeconds = Math.ceil(bounds.waitMs / 1_000)
        throw new Refusal('busy', `${waiting} wait for their turn already`, { retryAfterSeconds })
      }
      lastTurns.set(key, turn)
      waiting += 1
      try {
        await wait(turn - from)
      } finally {
        waiting -= 1
        if (lastTurns.get(key) === turn) lastTurns.delete(key)
      }
    },
  }
}
