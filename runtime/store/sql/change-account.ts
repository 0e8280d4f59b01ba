import type { Account, AccountChange } from '../accounts.ts'
import { foldedNames, identityRow, passkeyRow } from './account-rows.ts'
import { type Dialect, insertInto, type Statement, type Value } from './database.ts'
import { fold } from './fold.ts'
import { endSessionsStatement } from './sessions.ts'

type Key = Pick<Account, 'brand' | 'id' | 'version'>

/**
 * The statements of a change: a condition that the account is the one that was read, and all that follows. What is added is
 * this account's, whatever it says itself.
 */
export function changeStatements(
  dialect: Dialect,
  account: Key,
  change: AccountChange,
): { condition: Statement; statements: readonly Statement[] } {
  const { schema } = dialect
  const { addIdentity, addPasskey, endSessions, endTickets = [] } = change
  const owner = { accountId: account.id, brand: account.brand }
  return {
    condition: setStatement(schema, account, change.set ?? {}),
    statements: [
      // Before identities go, by which sessions without an account are known.
      ...(endSessions ? [endSessionsStatement(dialect, account, endSessions.keep)] : []),
      ...identityStatements(schema, account, change),
      ...(addIdentity ? [insertInto(`${schema}identities`, identityRow({ ...addIdentity, ...owner }))] : []),
      ...passkeyStatements(schema, account, change),
      ...(addPasskey ? [insertInto(`${schema}passkeys`, passkeyRow({ ...addPasskey, ...owner }))] : []),
      ...endTickets.map((kind) => ({
        sql: `DELETE FROM ${schema}tickets WHERE account_id = $1 AND kind = $2`,
        values: [account.id, kind],
      })),
    ],
  }
}

/** One text for all changes: what is left out stays. What may be taken away says by a 1 in front whether it is given. */
function setStatement(schema: string, account: Key, set: NonNullable<AccountChange['set']>): Statement {
  const optional = (name: 'passwordHash' | 'passwordChangedAt' | 'lastSignInAt'): Value[] => [
    name in set ? 1 : 0,
    set[name] ?? null,
  ]
  return {
    sql: `UPDATE ${schema}accounts SET version = version + 1,
        status = COALESCE($4, status), email = COALESCE($5, email), folded_email = COALESCE($6, folded_email),
        profile = COALESCE($7, profile), folded_names = COALESCE($8, folded_names),
        own_fields = COALESCE($9, own_fields), group_names = COALESCE($10, group_names),
        language = COALESCE($11, language),
        password_hash = CASE WHEN $12 = 1 THEN $13 ELSE password_hash END,
        password_changed_at = CASE WHEN $14 = 1 THEN $15 ELSE password_changed_at END,
        last_sign_in_at = CASE WHEN $16 = 1 THEN $17 ELSE last_sign_in_at END
      WHERE brand = $1 AND id = $2 AND version = $3`,
    values: [
      account.brand,
      account.id,
      account.version,
      set.status ?? null,
      set.email ?? null,
      set.email === undefined ? null : fold(set.email),
      asJson(set.profile),
      set.profile ? foldedNames(set.profile) : null,
      asJson(set.ownFields),
      asJson(set.groups),
      set.language ?? null,
      ...optional('passwordHash'),
      ...optional('passwordChangedAt'),
      ...optional('lastSignInAt'),
    ],
  }
}

function identityStatements(schema: string, { brand, id }: Key, change: AccountChange): Statement[] {
  const isMeant = 'brand = $1 AND issuer = $2 AND subject = $3 AND account_id = $4'
  const { removeIdentity: removed, updateIdentity: updated } = change
  const statements: Statement[] = []
  if (removed) {
    const sql = `DELETE FROM ${schema}identities WHERE ${isMeant}`
    statements.push({ sql, values: [brand, removed.issuer, removed.subject, id] })
  }
  if (updated) {
    const { email, emailVerified, lastUsedAt } = updated
    const sql = `UPDATE ${schema}identities SET email = COALESCE($5, email),
        email_verified = COALESCE($6, email_verified), last_used_at = COALESCE($7, last_used_at)
      WHERE ${isMeant}`
    const verified = emailVerified === undefined ? null : Number(emailVerified)
    const values = [brand, updated.issuer, updated.subject, id, email ?? null, verified, lastUsedAt ?? null]
    statements.push({ sql, values })
  }
  return statements
}

function passkeyStatements(schema: string, { brand, id }: Key, change: AccountChange): Statement[] {
  const isMeant = 'brand = $1 AND id = $2 AND account_id = $3'
  const { removePasskey: removed, updatePasskey: updated } = change
  const statements: Statement[] = []
  if (removed !== undefined) {
    statements.push({ sql: `DELETE FROM ${schema}passkeys WHERE ${isMeant}`, values: [brand, removed, id] })
  }
  if (updated) {
    const { counter, lastUsedAt, name } = updated
    const sql = `UPDATE ${schema}passkeys SET counter = COALESCE($4, counter),
        last_used_at = COALESCE($5, last_used_at), name = COALESCE($6, name)
      WHERE ${isMeant}`
    statements.push({ sql, values: [brand, updated.id, id, counter ?? null, lastUsedAt ?? null, name ?? null] })
  }
  return statements
}

function asJson(value: object | undefined): string | null {
  return value ? JSON.stringify(value) : null
}
