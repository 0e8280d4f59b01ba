import type { Store } from '../store.ts'
import { changedBy, type Database, rowOf } from './database.ts'
import { toHostSession, toSession } from './rows.ts'

type HostSessionMethods = Pick<Store, 'insertHostSession' | 'findHostSession' | 'deleteHostSession'>

/** Sessions at apps' hosts; the database ends them with their parent. */
export function hostSessionMethods(database: Database): HostSessionMethods {
  const { schema, keepRows } = database.dialect
  const table = `${schema}host_sessions`
  const parents = `${schema}sessions`
  return {
    async insertHostSession({ id, parentId, origin, holder, expiresAt }) {
      const sql = `INSERT INTO ${table} (id, parent_id, route, holder, expires_at)
        SELECT CAST($1 AS TEXT), id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
        FROM ${parents} WHERE id = $5 ${keepRows}`
      return (await changedBy(database, sql, id, origin, holder, expiresAt ?? null, parentId)) === 1
    },
    async findHostSession(id) {
      const sql = `SELECT parent.*, host.id AS host_id, host.route, host.holder, host.expires_at AS host_expires_at
        FROM ${table} AS host JOIN ${parents} AS parent ON parent.id = host.parent_id WHERE host.id = $1`
      const row = await rowOf(database, sql, id)
      return row && { hostSession: toHostSession(row), session: toSession(row) }
    },
    async deleteHostSession(id) {
      await changedBy(database, `DELETE FROM ${table} WHERE id = $1`, id)
    },
  }
}
