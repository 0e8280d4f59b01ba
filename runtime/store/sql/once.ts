import type { Store } from '../store.ts'
import { changedBy, type Database, insertInto, type Row, rowOf } from './database.ts'
import { handOverRow, keptBodyRow, toHandOver, toKeptBody } from './rows.ts'

type OnceMethods = Pick<
  Store,
  'insertHandOver' | 'takeHandOver' | 'insertKeptBody' | 'takeKeptBody' | 'holdLease' | 'releaseLease' | 'useOnce'
>

/** What one of many gets: hand-overs, kept bodies, leases, the first use of an id. */
export function onceMethods(database: Database): OnceMethods {
  const { schema } = database.dialect

  /** An expired row is removed all the same; it is only not given out. */
  async function take(table: 'hand_overs' | 'kept_bodies', id: string, now: number): Promise<Row | undefined> {
    const row = await rowOf(database, `DELETE FROM ${schema}${table} WHERE id = $1 RETURNING *`, id)
    return row && (row['expires_at'] as number) > now ? row : undefined
  }

  return {
    async insertHandOver(handOver) {
      await database.run(insertInto(`${schema}hand_overs`, handOverRow(handOver)))
    },
    async takeHandOver(id, now) {
      const row = await take('hand_overs', id, now)
      return row && toHandOver(row)
    },
    async insertKeptBody(body) {
      await database.run(insertInto(`${schema}kept_bodies`, keptBodyRow(body)))
    },
    async takeKeptBody(id, now) {
      const row = await take('kept_bodies', id, now)
      return row && toKeptBody(row)
    },
    async holdLease(name, holder, now, until) {
      const sql = `INSERT INTO ${schema}leases AS lease (id, holder, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
        WHERE lease.holder = excluded.holder OR lease.expires_at <= $4`
      return (await changedBy(database, sql, name, holder, until, now)) === 1
    },
    async releaseLease(name, holder) {
      await changedBy(database, `DELETE FROM ${schema}leases WHERE id = $1 AND holder = $2`, name, holder)
    },
    async useOnce(id, expiresAt) {
      const sql = `INSERT INTO ${schema}used_ids (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`
      return (await changedBy(database, sql, id, expiresAt)) === 1
    },
  }
}
