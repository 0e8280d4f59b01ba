import { inspect } from 'node:util'

import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { isStoreError, openPostgresStore, type Store } from '../../../../runtime/store/index.ts'
import { migrate } from '../../../../runtime/store/postgres/migrate.ts'
import { POSTGRES_MIGRATIONS } from '../../../../runtime/store/postgres/migrations.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { describeStore } from '../contract/index.ts'
import { account, event, hostSession, identity, session } from '../contract/records.ts'
import { type Line, startLine } from './line.ts'

let server: Postgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.remove())

/** What stores told of while nobody waited for an answer. */
let errors: Error[] = []
const opened: Store[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()))
  errors = []
})

async function open(url: string, timeoutMs?: number): Promise<Store> {
  const store = await openPostgresStore(url, {
    onError: (error) => errors.push(error),
    ...(timeoutMs && { timeoutMs }),
  })
  opened.push(store)
  return store
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

function nextEverything(store: Store): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = store.onChanged((ended) => {
    if (ended !== 'everything') return
    stop()
    resolve()
  })
  return promise
}

function nextEnding(store: Store): Promise<readonly string[] | 'everything'> {
  const { promise, resolve } = Promise.withResolvers<readonly string[] | 'everything'>()
  const stop = store.onChanged((ended) => {
    stop()
    resolve(ended)
  })
  return promise
}

describe('Postgres', () => {
  let url: string
  let owner: Client
  beforeAll(async () => {
    url = await server.createDatabase()
    owner = new Client(url)
    await owner.connect()
  })
  afterAll(() => owner.end())

  describeStore(async () => {
    const store = await open(url)
    await owner.query(
      `SET session_replication_role = replica;
       TRUNCATE gatewright.sessions, gatewright.host_sessions, gatewright.hand_overs, gatewright.kept_bodies,
       gatewright.used_ids, gatewright.leases, gatewright.event_counts, gatewright.accounts, gatewright.identities,
       gatewright.passkeys, gatewright.tickets, gatewright.audit RESTART IDENTITY;
       RESET session_replication_role`,
    )
    let analysed = false
    return {
      store,
      another: () => open(url),
      schema: 'gatewright.',
      ask: async (sql, values = []) => (await owner.query<Record<string, unknown>>(sql, [...values])).rows,
      async explain({ sql, values }) {
        if (!analysed) await owner.query('ANALYZE')
        analysed = true
        const { rows } = await owner.query<Record<string, string>>(`EXPLAIN ${sql}`, [...values])
        return rows.map((row) => row['QUERY PLAN'] ?? '')
      },
      remove: () => Promise.resolve(),
    }
  })
})

/** How many steps this version knows. */
const KNOWN = POSTGRES_MIGRATIONS.length

describe('a database', () => {
  let url: string
  beforeEach(async () => {
    url = await server.createDatabase()
  })
  const next = (oldestReader: number) => [
    ...POSTGRES_MIGRATIONS,
    { oldestReader, sql: `ALTER TABLE gatewright.used_ids ADD COLUMN what TEXT NOT NULL DEFAULT 'state'` },
  ]
  const version = () => ask(url, 'SELECT version, oldest_reader FROM gatewright.schema_version')

  it('is migrated once by replicas that start together', async () => {
    const stores = await Promise.all([open(url), open(url), open(url), open(url)])
    await Promise.all(stores.map((store, index) => store.useOnce(`state-${index}`, 9_000)))
    expect(await version()).toEqual([{ version: KNOWN, oldest_reader: 1 }])
  })

  it('of a newer version is used as long as this one can read it, also by who has it open', async () => {
    const before = await open(url)
    await migrate({ connectionString: url }, next(1))
    const after = await open(url)
    expect([await before.useOnce('a', 9_000), await after.useOnce('b', 9_000)]).toEqual([true, true])
    expect(await version()).toEqual([{ version: KNOWN + 1, oldest_reader: 1 }])
  })

  it('of a version without accounts goes on to be theirs and ours', async () => {
    const known = POSTGRES_MIGRATIONS.slice(0, 2)
    await migrate({ connectionString: url }, known)
    const begin = (id: string) =>
      ask(
        url,
        `INSERT INTO gatewright.sessions (id, brand, identity_provider, issuer, subject, sid, person, authentication,
           sealed_tokens, refresh, version, created_at, seen_at, expires_at)
         VALUES ('${id}', 'default', 'acme', 'https://idp.acme.example', 'alice', NULL, '{"id":"person-1"}',
           '{"time":1,"amr":[]}', 'k1.sealed', NULL, 1, 1000, 2000, 9000)`,
      )
    await begin('session-1')
    const store = await open(url)
    await begin('session-2')
    for (const id of ['session-1', 'session-2']) {
      expect(await store.findSession(id)).toMatchObject({ accountId: '', device: { address: '', userAgent: '' } })
    }
    await migrate({ connectionString: url }, known)
    expect(await version()).toEqual([{ version: KNOWN, oldest_reader: 1 }])
  })

  it('of a newer version is refused otherwise, and left as it is', async () => {
    await migrate({ connectionString: url }, next(KNOWN + 1))
    await expect(open(url)).rejects.toMatchObject({
      code: 'store_too_new',
      message: expect.stringContaining('newer version of Gatewright'),
    })
    expect(await version()).toEqual([{ version: KNOWN + 1, oldest_reader: KNOWN + 1 }])
  })

  it('stays as it is when a step fails', async () => {
    const broken = [...POSTGRES_MIGRATIONS, { oldestReader: 1, sql: 'SELECT missing FROM nowhere' }]
    await expect(migrate({ connectionString: url }, broken)).rejects.toThrow('nowhere')
    expect(await ask(url, `SELECT nspname FROM pg_namespace WHERE nspname = 'gatewright'`)).toEqual([])
  })

  it('needs no rights but those on its tables once it is migrated', async () => {
    await open(url)
    await ask(
      url,
      `CREATE ROLE app_of_${new URL(url).pathname.slice(1)} LOGIN PASSWORD 'only-here';
       GRANT USAGE ON SCHEMA gatewright TO app_of_${new URL(url).pathname.slice(1)};
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA gatewright TO app_of_${new URL(url).pathname.slice(1)}`,
    )
    const limited = new URL(url)
    limited.username = `app_of_${limited.pathname.slice(1)}`
    limited.password = 'only-here'
    const store = await open(limited.href)
    await store.insertSession(session)
    const ended = nextEnding(store)
    await store.deleteSession('session-1')
    expect(await ended).toEqual(['session-1'])
  })

  it('that refuses us is told of without the password', async () => {
    const wrong = new URL(url)
    wrong.password = 'not-the-password'
    const error = await open(wrong.href).catch((reason: unknown) => reason)
    expect(isStoreError(error)).toBe(true)
    expect(String(error)).toContain('password authentication failed')
    expect(String(error)).not.toContain(wrong.password)
  })

  it('without TLS is not talked to where the address asks for it', async () => {
    await expect(open(`${url}?sslmode=verify-full`)).rejects.toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('does not support SSL'),
    })
  })

  it('has an address of its kind', async () => {
    await expect(open('mysql://root:secret@127.0.0.1/x')).rejects.toMatchObject({
      code: 'store_failed',
      message: expect.not.stringContaining('secret'),
    })
  })
})

/** Who waits for a row that somebody else has taken. */
const WAITING = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

/** The connections of all stores, whose number tells whether one was given up and made anew. */
const CONNECTIONS = `SELECT pid FROM pg_stat_activity WHERE application_name = 'gatewright'
  AND datname = current_database() ORDER BY pid`

/** What a log may look at. */
const EVERYTHING = { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null }

describe('when connections break', () => {
  let url: string
  beforeEach(async () => {
    url = await server.createDatabase()
  })

  it('listeners hear of everything, and methods work again', async () => {
    const store = await open(url)
    await store.insertSession(session)
    const everything = nextEverything(store)
    await ask(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    await everything
    expect(await store.findSession('session-1')).toEqual(session)
    const ended = nextEnding(store)
    await store.deleteSession('session-1')
    expect(await ended).toEqual(['session-1'])
    expect(errors.map((error) => error.message).join()).toContain('terminat')
    expect(errors.every(isStoreError)).toBe(true)
    expect(inspect(errors, EVERYTHING)).not.toContain(new URL(url).password)
  })

  it('endings are told without notifications too', async () => {
    const [store, other] = [await open(url), await open(url)]
    await ask(
      url,
      `CREATE OR REPLACE FUNCTION gatewright.note_endings() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN INSERT INTO gatewright.endings (session_id) SELECT id FROM gone; RETURN NULL; END $$`,
    )
    await store.insertSession(session)
    const ended = nextEnding(other)
    await store.deleteSession('session-1')
    expect(await ended).toEqual(['session-1'])
  })

  it('an ending is told whose transaction ends behind later ones', async () => {
    const store = await open(url)
    await store.insertSession(session)
    await store.insertSession({ ...session, id: 'session-2' })
    const slow = new Client(url)
    await slow.connect()
    await slow.query('BEGIN')
    await slow.query(`DELETE FROM gatewright.sessions WHERE id = 'session-1'`)
    const first = nextEnding(store)
    await store.deleteSession('session-2')
    expect(await first).toEqual(['session-2'])
    const second = nextEnding(store)
    await slow.query('COMMIT')
    expect(await second).toEqual(['session-1'])
    await slow.end()
  })

  it('of two tabs that unlink at the same moment, one does and one is told that it was late', async () => {
    const [one, two] = [await open(url), await open(url)] as const
    const other = { ...identity, subject: 'alice-2' }
    await one.insertAccount(account, identity, [])
    await one.changeAccount(account, { addIdentity: other }, [])
    const slow = new Client(url)
    await slow.connect()
    await slow.query('BEGIN')
    await slow.query('SELECT id FROM gatewright.accounts FOR UPDATE')
    const read = { ...account, version: 2 }
    const changes = [
      one.changeAccount(read, { removeIdentity: identity }, [event]),
      two.changeAccount(read, { removeIdentity: other }, [event]),
    ]
    await vi.waitFor(async () => expect(await ask(url, WAITING)).toHaveLength(2), { timeout: 3_000, interval: 20 })
    await slow.query('COMMIT')
    expect((await Promise.all(changes)).toSorted()).toEqual(['changed', 'stale'])
    expect((await one.findAccount('default', 'account-1'))?.identities).toHaveLength(1)
    expect((await one.listAudit({}, 10)).items).toHaveLength(1)
    await slow.end()
  })

  it('a session does not begin whose account is being suspended at that moment', async () => {
    const store = await open(url)
    await store.insertAccount(account, undefined, [])
    const slow = new Client(url)
    await slow.connect()
    await slow.query('BEGIN')
    await slow.query(`UPDATE gatewright.accounts SET status = 'suspended'`)
    const began = store.insertSession({ ...session, accountId: 'account-1' })
    await vi.waitFor(async () => expect(await ask(url, WAITING)).toHaveLength(1), { timeout: 3_000, interval: 20 })
    await slow.query('COMMIT')
    expect(await began).toBe(false)
    expect(await store.findSession('session-1')).toBeUndefined()
    await slow.end()
  })

  it('what is taken or stale costs no connection', async () => {
    const store = await open(url)
    await store.insertAccount(account, undefined, [])
    const before = await ask(url, CONNECTIONS)
    for (let index = 0; index < 3; index += 1) {
      expect(await store.insertAccount(account, undefined, [])).toBe('taken')
      expect(await store.changeAccount({ ...account, version: 9 }, {}, [])).toBe('stale')
    }
    expect(await ask(url, CONNECTIONS)).toEqual(before)
  })

  it('a host session is not made, without an error, whose parent is ending at that moment', async () => {
    const store = await open(url)
    await store.insertSession(session)
    const slow = new Client(url)
    await slow.connect()
    await slow.query('BEGIN')
    await slow.query(`DELETE FROM gatewright.sessions WHERE id = 'session-1'`)
    const made = store.insertHostSession(hostSession)
    await vi.waitFor(async () => expect(await ask(url, WAITING)).toHaveLength(1), { timeout: 3_000, interval: 20 })
    await slow.query('COMMIT')
    expect(await made).toBe(false)
    await slow.end()
  })

  it('methods reject while the server is gone, and the store goes on when it is back', async () => {
    const store = await open(url)
    await store.insertSession(session)
    await server.stop()
    const calls = [
      store.findSession('session-1'),
      store.insertSession({ ...session, id: 'session-2' }, 'session-1'),
      store.holdLease('refresh', 'a', 0, 1),
      store.removeExpired(0, 0),
    ]
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'store_failed' } })
    }
    await expect(openPostgresStore(url, { onError: () => undefined })).rejects.toSatisfy(isStoreError)
    expect(inspect([errors, await Promise.allSettled(calls)], EVERYTHING)).not.toContain(new URL(url).password)
    const everything = nextEverything(store)
    await server.start()
    await everything
    expect(await store.findSession('session-1')).toEqual(session)
    expect(await store.findSession('session-2')).toBeUndefined()
  })
})

describe('when nothing comes back', () => {
  let line: Line
  let url: string
  beforeEach(async () => {
    url = await server.createDatabase()
    line = await startLine(Number(new URL(url).port))
  })
  afterEach(() => line.close())

  it('methods reject in time, closing ends, and a mended line is used again', async () => {
    const through = new URL(url)
    through.port = String(line.port)
    const [store, unlucky] = [await open(through.href, 300), await open(through.href, 300)]
    await store.insertSession(session)
    await store.insertHostSession(hostSession)
    line.freeze()
    const calls = Array.from({ length: 12 }, () => store.findHostSession('host-1'))
    calls.push(store.insertSession({ ...session, id: 'session-2' }, 'session-1').then(() => undefined))
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'store_failed' } })
    }
    await unlucky.close()
    const everything = nextEverything(store)
    line.mend()
    await everything
    expect((await store.findHostSession('host-1'))?.session).toEqual(session)
  })
})
