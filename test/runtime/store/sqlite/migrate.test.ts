import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openSqliteStore } from '../../../../runtime/store/index.ts'
import { migrate } from '../../../../runtime/store/sqlite/migrate.ts'
import { SQLITE_MIGRATIONS } from '../../../../runtime/store/sqlite/migrations.ts'

/** The schema as it was before `schema_version`, with one session at a login host and one at an app's. */
const BEFORE = `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY, brand TEXT NOT NULL, identity_provider TEXT NOT NULL,
    issuer TEXT NOT NULL, subject TEXT NOT NULL, sid TEXT,
    person TEXT NOT NULL, sealed_tokens TEXT NOT NULL,
    created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_by_identity ON sessions (issuer, subject, sid);
  CREATE INDEX sessions_by_expiry ON sessions (expires_at);
  CREATE TABLE host_sessions (
    id TEXT PRIMARY KEY, parent_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, route TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX host_sessions_by_parent ON host_sessions (parent_id);
  CREATE TABLE hand_overs (
    id TEXT PRIMARY KEY, parent_id TEXT NOT NULL, brand TEXT NOT NULL, route TEXT NOT NULL,
    binding_hash TEXT NOT NULL, return_to TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE used_ids (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO sessions VALUES ('session-1', 'default', 'acme', 'https://idp.acme.example', 'alice', 'sid-1',
    '{"id":"person-1","email":"","name":"Alice","groups":["staff"]}', 'k1.sealed', 1000, 2000, 9000);
  INSERT INTO host_sessions VALUES ('host-1', 'session-1', 'hello');
  INSERT INTO used_ids VALUES ('state', 9000);
  PRAGMA user_version = 1`

/** As a version writes a session that knows three steps. */
const BEGUN = `
  INSERT INTO sessions (id, brand, identity_provider, issuer, subject, sid, person, authentication, sealed_tokens, refresh,
    version, created_at, seen_at, expires_at)
  VALUES ('session-1', 'default', 'acme', 'https://idp.acme.example', 'alice', NULL,
    '{"id":"person-1","email":"","name":"Alice","groups":[],"claims":{},"readAs":""}',
    '{"time":1,"amr":[]}', 'k1.sealed', NULL, 1, 1000, 2000, 9000)`

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-store-'))
  file = join(folder, 'gateway.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true }))

function onFile<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}

describe('a file from before', () => {
  beforeEach(() => onFile((db) => db.exec(BEFORE)))

  it('is migrated in place, and its sessions live on', async () => {
    const store = openSqliteStore(file)
    expect(await store.findHostSession('host-1')).toStrictEqual({
      hostSession: { id: 'host-1', parentId: 'session-1', origin: 'hello', holder: 'browser', expiresAt: undefined },
      session: {
        id: 'session-1',
        brand: 'default',
        identityProvider: 'acme',
        issuer: 'https://idp.acme.example',
        subject: 'alice',
        sid: 'sid-1',
        person: { id: 'person-1', email: '', name: 'Alice', groups: ['staff'], claims: {}, readAs: '' },
        authentication: { time: 1_000, acr: undefined, amr: [] },
        sealedTokens: 'k1.sealed',
        accountId: '',
        device: { address: '', userAgent: '' },
        refresh: undefined,
        version: 1,
        createdAt: 1_000,
        seenAt: 2_000,
        expiresAt: 9_000,
      },
    })
    expect(await store.useOnce('state', 9_000)).toBe(false)
    expect(await store.findSealedOtherwise('k2', 9)).toHaveLength(1)
    await store.close()
  })

  it('is refused from then on by programs that knew only it', async () => {
    await openSqliteStore(file).close()
    expect(onFile((db) => db.prepare('PRAGMA user_version').get()?.['user_version'])).toBeGreaterThan(1)
  })

  it('has the same schema afterwards as a fresh one', async () => {
    await openSqliteStore(file).close()
    const fresh = new DatabaseSync(':memory:')
    migrate(fresh, 'fresh', SQLITE_MIGRATIONS)
    const schema = `SELECT type, name, tbl_name FROM sqlite_schema ORDER BY name`
    expect(onFile((db) => db.prepare(schema).all())).toEqual(fresh.prepare(schema).all())
    fresh.close()
  })

  it('stays as it is when a step fails', async () => {
    const broken = [
      ...SQLITE_MIGRATIONS,
      { oldestReader: 3, sql: 'CREATE TABLE more (id TEXT); SELECT missing FROM nowhere' },
    ]
    expect(() => onFile((db) => migrate(db, file, broken))).toThrow('nowhere')
    expect(onFile((db) => db.prepare('PRAGMA user_version').get())).toEqual({ user_version: 1 })
    expect(onFile((db) => db.prepare(`SELECT name FROM pragma_table_info('sessions')`).all())).toHaveLength(11)
  })
})

describe('a file that an older version has open', () => {
  it.each([3, 4])('goes on to be theirs, of %i steps, and ours', async (steps) => {
    const known = SQLITE_MIGRATIONS.slice(0, steps)
    onFile((db) => migrate(db, file, known))
    const older = new DatabaseSync(file)
    older.exec(BEGUN)
    older.exec(`INSERT INTO host_sessions (id, parent_id, route) VALUES ('host-1', 'session-1', 'hello')`)
    const store = openSqliteStore(file)
    const heard = new Promise<unknown>((resolve) => store.onChanged(resolve))
    older.exec(BEGUN.replaceAll('session-1', 'session-2'))
    for (const id of ['session-1', 'session-2']) {
      expect(await store.findSession(id)).toMatchObject({ accountId: '', device: { address: '', userAgent: '' } })
    }
    expect(await store.findHostSession('host-1')).toMatchObject({ hostSession: { origin: 'hello' } })
    older.exec(`DELETE FROM sessions WHERE id = 'session-1'`)
    older.close()
    expect(await store.findSession('session-1')).toBeUndefined()
    expect(await store.findHostSession('host-1')).toBeUndefined()
    expect(await heard).toEqual(expect.arrayContaining(['session-1', 'host-1']))
    expect(() => onFile((db) => migrate(db, file, known))).not.toThrow()
    await store.close()
  })
})

/** How many steps this version knows. */
const KNOWN = SQLITE_MIGRATIONS.length

describe('a file of a newer version', () => {
  const next = (oldestReader: number) => [
    ...SQLITE_MIGRATIONS,
    { oldestReader, sql: `ALTER TABLE used_ids ADD COLUMN what TEXT NOT NULL DEFAULT 'state'` },
  ]

  it('is used as long as this one can read it', async () => {
    onFile((db) => migrate(db, file, next(KNOWN)))
    const store = openSqliteStore(file)
    expect(await store.useOnce('state', 9_000)).toBe(true)
    await store.close()
    expect(onFile((db) => db.prepare('SELECT version, oldest_reader FROM schema_version').all())).toEqual([
      { version: KNOWN + 1, oldest_reader: KNOWN },
    ])
  })

  it('is refused otherwise, and left as it is', () => {
    onFile((db) => migrate(db, file, next(KNOWN + 1)))
    expect(() => openSqliteStore(file)).toThrow(
      expect.objectContaining({
        code: 'store_too_new',
        message: expect.stringContaining('newer version of Gatewright'),
      }),
    )
    expect(onFile((db) => db.prepare('SELECT version, oldest_reader FROM schema_version').all())).toEqual([
      { version: KNOWN + 1, oldest_reader: KNOWN + 1 },
    ])
  })

  it('is refused when it says so in another way', () => {
    onFile((db) => db.exec('PRAGMA user_version = 999'))
    expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'store_too_new' }))
  })

  it('is migrated once, whoever else has it open', async () => {
    const stores = [openSqliteStore(file), openSqliteStore(file)]
    onFile((db) => migrate(db, file, next(2)))
    onFile((db) => migrate(db, file, next(2)))
    expect(await Promise.all(stores.map((store, index) => store.useOnce(`state-${index}`, 9_000)))).toEqual([
      true,
      true,
    ])
    await Promise.all(stores.map((store) => store.close()))
  })
})
