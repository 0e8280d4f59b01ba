import { setTimeout as wait } from 'node:timers/promises'

import { LRUCache } from 'lru-cache'

/** After how many wrong passwords in a row answers become slow. */
const FREE_FAILURES = 3
/** The longest wait, in milliseconds. */
const LONGEST_WAIT_MS = 4_000
/** How many may wait at once; more are turned away. */
const WAITING_AT_MOST = 50

/**
 * How long the next attempt waits for its answer, in milliseconds: nothing at first, then doubling from 250 up to 4000.
 * It delays and never locks: nobody can shut somebody else out.
 * @param failures wrong passwords in a row
 */
export function attemptDelay(failures: number): number {
  return failures < FREE_FAILURES ? 0 : Math.min(250 * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_MS)
}

/** Slows down those who guess. */
export interface Attempts {
  /** Waits as long as this user name has to. Gives `busy` at once when too many wait already. */
  admit(user: string): Promise<'admitted' | 'busy'>
  failed(user: string): void
  succeeded(user: string): void
}

export interface AttemptsOptions {
  /** Waits so many milliseconds. @default a timer */
  sleep?: (milliseconds: number) => Promise<unknown>
}

/** Counts wrong passwords per user name, known or not, for a quarter of an hour; at most 1000 names. */
export function createAttempts({ sleep = wait }: AttemptsOptions = {}): Attempts {
  const failures = new LRUCache<string, number>({ max: 1_000, ttl: 15 * 60_000 })
  let waiting = 0
  return {
    async admit(user) {
      const delay = attemptDelay(failures.get(user) ?? 0)
      if (delay === 0) return 'admitted'
      if (waiting >= WAITING_AT_MOST) return 'busy'
      waiting += 1
      try {
        await sleep(delay)
      } finally {
        waiting -= 1
      }
      return 'admitted'
    },
    failed(user) {
      failures.set(user, (failures.get(user) ?? 0) + 1)
    },
    succeeded(user) {
      failures.delete(user)
    },
  }
}
