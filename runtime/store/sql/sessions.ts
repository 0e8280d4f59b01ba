import type { Store } from '../store.ts'
import { changedBy, type Database, insertInto, rowOf } from './database.ts'
import { sessionRow, toSession } from './rows.ts'

type SessionMethods = Pick<
  Store,
  | 'insertSession'
  | 'findSession'
  | 'touchSession'
  | 'updateSession'
  | 'deleteSession'
  | 'deleteSessionsOf'
  | 'findSealedOtherwise'
>

/** Sessions at login hosts. */
export function sessionMethods(database: Database): SessionMethods {
  const { schema, lockRows } = database.dialect
  const table = `${schema}sessions`
  const deleteById = `DELETE FROM ${table} WHERE id = $1`
  return {
    async insertSession(session, replacesId) {
      const insert = insertInto(table, sessionRow(session))
      if (replacesId === undefined) await database.run(insert)
      else await database.runTogether([{ sql: deleteById, values: [replacesId] }, insert])
    },
    async findSession(id) {
      const row = await rowOf(database, `SELECT * FROM ${table} WHERE id = $1`, id)
      return row && toSession(row)
    },
    async touchSession(id, seenAt) {
      await changedBy(database, `UPDATE ${table} SET seen_at = $1 WHERE id = $2`, seenAt, id)
    },
    async updateSession(id, version, change) {
      const sql = `UPDATE ${table} SET version = version + 1, person = COALESCE($3, person),
          authentication = COALESCE($4, authentication), sealed_tokens = COALESCE($5, sealed_tokens),
          refresh = CASE WHEN $6 = 1 THEN $7 ELSE refresh END
        WHERE id = $1 AND version = $2`
      const changes = [asJson(change.person), asJson(change.authentication), change.sealedTokens ?? null]
      // Given as undefined it is taken away; left out it stays.
      const refresh = ['refresh' in change ? 1 : 0, asJson(change.refresh)]
      return (await changedBy(database, sql, id, version, ...changes, ...refresh)) === 1
    },
    async deleteSession(id) {
      await changedBy(database, deleteById, id)
    },
    deleteSessionsOf(issuer, who) {
      const isMeant = 'sid' in who ? 'sid = $2 OR (sid IS NULL AND subject = $3)' : 'subject = $2'
      const values = 'sid' in who ? [who.sid, who.subject ?? null] : [who.subject]
      // Locked in one order, lest two such statements wait for each other.
      const sql = `WITH ended AS MATERIALIZED
          (SELECT id FROM ${table} WHERE issuer = $1 AND (${isMeant}) ORDER BY id ${lockRows})
        DELETE FROM ${table} WHERE id IN (SELECT id FROM ended)`
      return changedBy(database, sql, issuer, ...values)
    },
    async findSealedOtherwise(key, limit) {
      // Two ranges, and not `<>`, which no index answers.
      const sql = `SELECT id, version, sealed_tokens FROM ${table} WHERE sealing_key < $1 OR sealing_key > $1 LIMIT $2`
      const { rows } = await database.run({ sql, values: [key, limit] })
      return rows.map((row) => ({
        id: row['id'] as string,
        version: row['version'] as number,
        sealedTokens: row['sealed_tokens'] as string,
      }))
    },
  }
}

function asJson(value: object | undefined): string | null {
  return value ? JSON.stringify(value) : null
}
