import type { Store } from '../store.ts'
import { type Database, rowOf } from './database.ts'

/** Counts events; each window of a key is a row, so that replicas whose clocks differ do not reset each other's. */
export function countEventIn(database: Database): Store['countEvent'] {
  const sql = `INSERT INTO ${database.dialect.schema}event_counts AS counted (id, events, expires_at) VALUES ($1, 1, $2)
    ON CONFLICT (id) DO UPDATE SET events = counted.events + 1 RETURNING events`
  return async (key, windowMs, now) => {
    const start = Math.floor(now / windowMs) * windowMs
    const row = await rowOf(database, sql, `${start} ${windowMs} ${key}`, start + windowMs)
    return row?.['events'] as number
  }
}
