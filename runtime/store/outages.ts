import type { Database } from './sql/index.ts'
import { isStoreError, type StoreError } from './store-error.ts'

/** What a store can be unable to do, apart from each other: a full disk lets one read on. */
export type Ability = 'read' | 'write'

/** A change in what the store is able to do. */
export type OutageEvent =
  | { kind: 'began'; ability: Ability; error: StoreError }
  | { kind: 'ended'; ability: Ability; lastedMs: number; failures: number }

/** Hears of outages as they begin and end; must not throw. */
export type OutageListener = (event: OutageEvent) => void

/** Statements that change nothing; whatever else there is counts as writing. */
const READS = /^\s*SELECT\b/i

/**
 * How long nothing may have failed before an outage is over, in milliseconds: on a full disk a small change still finds room
 * now and then.
 */
const QUIET_MS = 5_000

interface Outage {
  since: number
  failedAt: number
  failures: number
}

/**
 * Watches an engine fail and work again, so that an outage is said once, and not by each request that meets it.
 * Writing is only known to work again by something that was really written: a change of no row needs no room on the disk.
 * @param now milliseconds that only grow
 */
export function watchOutages(
  database: Database,
  tell: OutageListener,
  now: () => number = () => performance.now(),
): Database {
  const outages = new Map<Ability, Outage>()

  function failed(ability: Ability, error: unknown): void {
    if (!isStoreError(error)) return
    const at = now()
    const outage = outages.get(ability)
    outages.set(ability, { since: outage?.since ?? at, failedAt: at, failures: (outage?.failures ?? 0) + 1 })
    if (!outage) tell({ kind: 'began', ability, error })
  }

  function worked(ability: Ability): void {
    const outage = outages.get(ability)
    if (!outage || now() - outage.failedAt < QUIET_MS) return
    outages.delete(ability)
    tell({ kind: 'ended', ability, lastedMs: now() - outage.since, failures: outage.failures })
  }

  async function watched<T>(ability: Ability, work: Promise<T>, isProof: (result: T) => boolean): Promise<T> {
    try {
      const result = await work
      if (outages.size > 0 && isProof(result)) worked(ability)
      return result
    } catch (error) {
      failed(ability, error)
      throw error
    }
  }

  return {
    ...database,
    run(statement) {
      if (READS.test(statement.sql)) return watched('read', database.run(statement), () => true)
      return watched('write', database.run(statement), ({ count }) => count > 0)
    },
    runTogether: (statements) => watched('write', database.runTogether(statements), () => true),
    runIf: (condition, statements) =>
      watched('write', database.runIf(condition, statements), (outcome) => outcome === 'done'),
  }
}
