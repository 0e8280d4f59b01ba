import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/** Records of the provider in one SQLite file. */
export interface Records {
  /**
   * One adapter per kind of record, as oidc-provider asks for them by the names of its classes.
   * @throws TypeError for a name that is none of those, as in a bundle with shortened names: all kinds would be one then,
   * and a token of one kind would be found as another
   */
  adapter: AdapterFactory
  /** How many records there are, expired ones that still lie about included. */
  count(): number
  close(): void
}

export interface RecordsOptions {
  /** Clock in milliseconds since the epoch. @default Date.now */
  now?: () => number
}

/** Kinds that end with the grant they were made for; sessions and interactions name grants too, but outlive them. */
const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken'])

const KINDS = new Set([
  ...GRANTABLE,
  'Client',
  'DeviceCode',
  'Grant',
  'InitialAccessToken',
  'Interaction',
  'RegistrationAccessToken',
  'ReplayDetection',
  'Session',
])

/** How often expired records are thrown away, in milliseconds. */
const PURGE_EVERY_MS = 60_000

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 3000;
  CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, expires_at INTEGER,
    grant_id TEXT, uid TEXT, user_code TEXT, PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS records_expires_at ON records (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS records_grant_id ON records (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS records_uid ON records (kind, uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS records_user_code ON records (kind, user_code) WHERE user_code IS NOT NULL;
`

/**
 * Opens `identity-provider.sqlite` in a folder, 0600, and makes it where it is not there yet.
 * @see https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js for what an adapter owes
 */
export function openRecords(folder: string, { now = Date.now }: RecordsOptions = {}): Records {
  const file = join(folder, 'identity-provider.sqlite')
  const database = new DatabaseSync(file)
  chmodSync(file, 0o600)
  database.exec(SCHEMA)
  const alive = '(expires_at IS NULL OR expires_at > ?)'
  const select = (condition: string) =>
    database.prepare(`SELECT payload FROM records WHERE kind = ? AND ${condition} = ? AND ${alive}`)
  const byId = select('id')
  const byUid = select('uid')
  const byUserCode = select('user_code')
  const insert = database.prepare(
    'INSERT OR REPLACE INTO records (kind, id, payload, expires_at, grant_id, uid, user_code) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const setConsumed = database.prepare(
    `UPDATE records SET payload = json_set(payload, '$.consumed', ?) WHERE kind = ? AND id = ?`,
  )
  const remove = database.prepare('DELETE FROM records WHERE kind = ? AND id = ?')
  const removeByGrant = database.prepare('DELETE FROM records WHERE grant_id = ?')
  const purge = database.prepare('DELETE FROM records WHERE expires_at <= ?')
  let purgedAt = now()
  purge.run(purgedAt)

  const adapter = (kind: string): Adapter => {
    if (!KINDS.has(kind)) throw new TypeError(`"${kind}" is no kind of record; a bundle must keep the names of classes`)
    return createAdapter(kind)
  }
  const createAdapter = (kind: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      if (now() - purgedAt >= PURGE_EVERY_MS) {
        purgedAt = now()
        purge.run(purgedAt)
      }
      const expiresAt = expiresIn === undefined ? null : now() + expiresIn * 1_000
      const grantId = GRANTABLE.has(kind) ? (payload.grantId ?? null) : null
      insert.run(kind, id, JSON.stringify(payload), expiresAt, grantId, payload.uid ?? null, payload.userCode ?? null)
    },
    async find(id) {
      return toPayload(byId.get(kind, id, now()))
    },
    async findByUid(uid) {
      return toPayload(byUid.get(kind, uid, now()))
    },
    async findByUserCode(userCode) {
      return toPayload(byUserCode.get(kind, userCode, now()))
    },
    async consume(id) {
      setConsumed.run(Math.floor(now() / 1_000), kind, id)
    },
    async destroy(id) {
      remove.run(kind, id)
    },
    async revokeByGrantId(grantId) {
      removeByGrant.run(grantId)
    },
  })
  const countAll = database.prepare('SELECT count(*) AS number FROM records')
  return { adapter, count: () => Number(countAll.get()?.number), close: () => database.close() }
}

function toPayload(row: Record<string, unknown> | undefined): AdapterPayload | undefined {
  if (row === undefined) return undefined
  const payload: AdapterPayload = JSON.parse(String(row.payload))
  return payload
}
