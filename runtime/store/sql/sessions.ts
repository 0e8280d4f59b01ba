import type { Account } from '../accounts.ts'
import { StoreError } from '../store-error.ts'
import type { SessionFilter, Store } from '../store.ts'
import { changedBy, type Database, type Dialect, insertInto, rowOf, type Statement } from './database.ts'
import { equals, type Listing, pageOf, pageStatement } from './pages.ts'
import { sessionRow, toSession } from './rows.ts'

type SessionMethods = Pick<
  Store,
  | 'insertSession'
  | 'findSession'
  | 'touchSessions'
  | 'updateSession'
  | 'deleteSession'
  | 'deleteSessionsOf'
  | 'listSessions'
  | 'findSealedOtherwise'
>

/** Sessions at login hosts. */
export function sessionMethods(database: Database): SessionMethods {
  const { schema, lockRows, lockRowsToChange, keepRowsAsTheyAre, jsonTexts } = database.dialect
  const table = `${schema}sessions`
  const deleteById = `DELETE FROM ${table} WHERE id = $1`
  return {
    async insertSession(session, replacesId) {
      const replace = replacesId === undefined ? [] : [{ sql: deleteById, values: [replacesId] }]
      const statements = [...replace, insertInto(table, sessionRow(session))]
      if (session.accountId === '') {
        await database.runTogether(statements)
        return true
      }
      const sql = `SELECT id FROM ${schema}accounts
        WHERE id = $1 AND brand = $2 AND status = 'active' ${keepRowsAsTheyAre}`
      const outcome = await database.runIf({ sql, values: [session.accountId, session.brand] }, statements)
      if (outcome === 'taken') throw new StoreError('store_failed', 'a session of this id is there already')
      return outcome === 'done'
    },
    async findSession(id) {
      const row = await rowOf(database, `SELECT * FROM ${table} WHERE id = $1`, id)
      return row && toSession(row)
    },
    async touchSessions(ids, seenAt) {
      // Locked in one order, lest two replicas wait for each other.
      const sql = `WITH used AS MATERIALIZED
          (SELECT id FROM ${table} WHERE id IN (SELECT value FROM ${jsonTexts}($1)) ORDER BY id ${lockRowsToChange})
        UPDATE ${table} SET seen_at = $2 WHERE id IN (SELECT id FROM used) AND seen_at < $2`
      await changedBy(database, sql, JSON.stringify(ids), seenAt)
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
    listSessions: (filter, limit, after) =>
      pageOf(database, sessionListing(schema), sessionsStatement(schema, filter, limit, after), limit, toSession),
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

/** One part of the list of sessions. */
export function sessionsStatement(schema: string, filter: SessionFilter, limit: number, after?: string): Statement {
  const conditions = [...equals('brand', filter.brand), ...equals('account_id', filter.accountId)]
  return pageStatement(sessionListing(schema), conditions, limit, after)
}

function sessionListing(schema: string): Listing {
  return { table: `${schema}sessions`, time: 'created_at', key: 'id', keyIs: 'text' }
}

/**
 * Ends an account's sessions, and those that versions without accounts began by an identity that is its own. CROSS JOIN has
 * SQLite look for the sessions of identities, and not the other way round.
 * @param keep id of one that goes on
 */
export function endSessionsStatement(
  dialect: Pick<Dialect, 'schema' | 'lockRows'>,
  account: Pick<Account, 'id'>,
  keep = '',
): Statement {
  const { schema, lockRows } = dialect
  const table = `${schema}sessions`
  return {
    sql: `WITH own AS (
        SELECT id FROM ${table} WHERE account_id = $1
        UNION ALL
        SELECT session.id FROM ${schema}identities AS identity CROSS JOIN ${table} AS session
        WHERE identity.account_id = $1 AND session.account_id = '' AND session.brand = identity.brand
          AND session.issuer = identity.issuer AND session.subject = identity.subject
      ), ended AS MATERIALIZED
        (SELECT id FROM ${table} WHERE id IN (SELECT id FROM own) AND id <> $2 ORDER BY id ${lockRows})
      DELETE FROM ${table} WHERE id IN (SELECT id FROM ended)`,
    values: [account.id, keep],
  }
}

function asJson(value: object | undefined): string | null {
  return value ? JSON.stringify(value) : null
}
