import { Client, type ClientConfig } from 'pg'

import { EMPTY, type Migration, pendingMigrations, type SchemaVersion, versionAfter } from '../schema-version.ts'
import { endWithin } from './end-within.ts'
import { SCHEMA } from './migrations.ts'

/** Any number, as long as it is ours: programs that migrate one database wait for each other on it. */
const LOCK = 4_983_270_137

/** How long one step may take, and how long another program's may be waited for. */
const STEP_MS = 60_000

/**
 * Brings a database to the newest schema that this program knows, in one transaction; a second program waits meanwhile, and
 * then finds it done.
 * @throws StoreError `store_too_new`, or the driver's error; the database is left as it is
 */
export async function migrate(settings: ClientConfig, known: readonly Migration[]): Promise<void> {
  const client = new Client({ ...settings, statement_timeout: STEP_MS, query_timeout: STEP_MS + 1_000 })
  // The statement that runs rejects with it as well.
  let lost: Error | undefined
  client.on('error', (error) => (lost ??= error))
  try {
    await client.connect()
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const pending = pendingMigrations(await schemaVersion(client), known, `the database ${client.database ?? ''}`)
    if (pending.length > 0) await apply(client, pending, versionAfter(known))
    await client.query('COMMIT')
    if (lost) throw lost
  } finally {
    // Ends the transaction too, where it was not committed.
    await endWithin(client)
  }
}

/** Names are looked up in the catalogue, and created only where they are missing: that takes rights that may be missing too. */
async function schemaVersion(client: Client): Promise<SchemaVersion> {
  const { rows: found } = await client.query<{ table: string | null }>('SELECT to_regclass($1)::text AS table', [
    `${SCHEMA}.schema_version`,
  ])
  if (typeof found[0]?.table !== 'string') return EMPTY
  const { rows } = await client.query<SchemaVersion>(
    `SELECT version, oldest_reader AS "oldestReader" FROM ${SCHEMA}.schema_version`,
  )
  return rows[0] ?? EMPTY
}

async function apply(client: Client, pending: readonly Migration[], after: SchemaVersion): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [SCHEMA])
  if (rows.length === 0) await client.query(`CREATE SCHEMA ${SCHEMA}`)
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${SCHEMA}.schema_version (version INTEGER NOT NULL, oldest_reader INTEGER NOT NULL)`,
  )
  for (const { sql } of pending) await client.query(sql)
  await client.query(`DELETE FROM ${SCHEMA}.schema_version`)
  await client.query(`INSERT INTO ${SCHEMA}.schema_version (version, oldest_reader) VALUES ($1, $2)`, [
    after.version,
    after.oldestReader,
  ])
}
