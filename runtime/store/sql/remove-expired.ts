import { setImmediate } from 'node:timers/promises'

import type { Store } from '../store.ts'
import { changedBy, type Database, type Value } from './database.ts'

/** Tables whose rows end by themselves; `sessions` end by idling as well. */
const EXPIRING = ['host_sessions', 'hand_overs', 'kept_bodies', 'leases', 'event_counts', 'used_ids', 'tickets']

/** Removed by one statement: none may hold locks, or this process, for long. */
const ROWS = 1_000

/** Removes what is over, some rows at a time and each time atomically; replicas may do it at once. */
export function removeExpiredIn(database: Database): Store['removeExpired'] {
  const { schema, lockFreeRows, endingIsOld } = database.dialect

  async function removeFrom(table: string, condition: string, ...values: Value[]): Promise<void> {
    const sql = `WITH gone AS MATERIALIZED
        (SELECT id FROM ${schema}${table} WHERE ${condition} LIMIT ${ROWS} ${lockFreeRows})
      DELETE FROM ${schema}${table} WHERE id IN (SELECT id FROM gone)`
    // In between, requests have their turn.
    while ((await changedBy(database, sql, ...values)) >= ROWS) await setImmediate()
  }

  return async (now, idleSince) => {
    await removeFrom('sessions', 'expires_at <= $1 OR seen_at <= $2', now, idleSince)
    for (const table of EXPIRING) await removeFrom(table, 'expires_at <= $1', now)
    await changedBy(database, `DELETE FROM ${schema}endings WHERE ${endingIsOld}`)
  }
}
