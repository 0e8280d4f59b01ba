import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import {
  backUpSqliteStore,
  examineSqliteStore,
  openSqliteStore,
  stageSqliteStore,
} from '../../../../runtime/store/index.ts'
import { mountFailingDisk } from '../../../support/failing-disk.ts'
import { hostSession, session } from '../contract/records.ts'

let folder: string
let file: string
let copy: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatewright-back-up-'))
  file = join(folder, 'gateway.sqlite')
  copy = join(folder, 'copy.sqlite')
})
afterEach(() => rm(folder, { recursive: true }))

async function startWriter() {
  const writer = fileURLToPath(new URL('writer.ts', import.meta.url))
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let acknowledged = 0
  const waiting: { count: number; resolve: () => void }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    acknowledged = Number(line)
    for (const { count, resolve } of waiting) if (acknowledged >= count) resolve()
  })
  return {
    acknowledged: () => acknowledged,
    until(count: number) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ count, resolve })
      return promise
    },
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function rowsOf(path: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

async function fill(): Promise<void> {
  const store = openSqliteStore(file)
  await store.insertSession(session)
  await store.insertHostSession(hostSession)
  await store.useOnce('state-1', Date.now() + 60_000)
  await store.close()
}

describe('a backup', () => {
  it('taken while people sign in has everybody up to one moment, and nobody half', async () => {
    const writer = await startWriter()
    try {
      await writer.until(1_000)
      const before = writer.acknowledged()
      const { sessions, sealingKeys } = await backUpSqliteStore(file, copy)
      const after = writer.acknowledged()
      expect(sessions).toBeGreaterThanOrEqual(before)
      expect(sealingKeys).toEqual(['k1'])
      await writer.until(after + 10)

      const [people] = rowsOf(
        copy,
        `SELECT count(*) AS count, max(CAST(substr(id, 9) AS INTEGER)) AS last FROM sessions`,
      )
      expect(people).toEqual({ count: sessions, last: sessions })
      const [hosts] = rowsOf(copy, 'SELECT count(*) AS count FROM host_sessions')
      expect([sessions, sessions - 1]).toContain(hosts?.['count'])
    } finally {
      await writer.end()
    }
  })

  it('is one file for its owner alone, which a gateway can use', async () => {
    await fill()
    await backUpSqliteStore(file, copy)
    expect((await stat(copy)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['copy.sqlite', 'gateway.sqlite'])
    const store = openSqliteStore(copy)
    expect(await store.findSession(session.id)).toEqual(session)
    await store.close()
  })

  it('does not take the place of another file', async () => {
    await fill()
    await writeFile(copy, 'mine')
    await expect(backUpSqliteStore(file, copy)).rejects.toMatchObject({ code: 'EEXIST' })
    expect(await readFile(copy, 'utf8')).toBe('mine')
    expect(await readdir(folder)).toEqual(['copy.sqlite', 'gateway.sqlite'])
  })

  it('of no store makes none', async () => {
    await expect(backUpSqliteStore(file, copy)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await readdir(folder)).toEqual([])
  })

  it('of a damaged store is refused, and nothing is left of it', async () => {
    await fill()
    const bytes = await readFile(file)
    bytes.fill(0xff, 4_096 + 100, 4_096 * 3)
    await writeFile(file, bytes)
    await expect(backUpSqliteStore(file, copy)).rejects.toMatchObject({ code: 'store_damaged' })
    expect(await readdir(folder)).toEqual(['gateway.sqlite'])
  })
})

describe('examining', () => {
  it.each<[string, string | Buffer]>([
    ['is no database', 'certainly not a database, whatever its name says, for it is a text of some length'.repeat(20)],
    ['is empty', ''],
  ])('refuses what %s', async (_, content) => {
    await writeFile(copy, content)
    expect(() => examineSqliteStore(copy)).toThrow(expect.objectContaining({ code: 'store_damaged' }))
  })

  it('refuses a newer version’s store', async () => {
    await fill()
    const db = new DatabaseSync(file)
    db.exec('UPDATE schema_version SET version = 99, oldest_reader = 99')
    db.close()
    expect(() => examineSqliteStore(file)).toThrow(expect.objectContaining({ code: 'store_too_new' }))
  })
})

describe('examining what somebody else has made', () => {
  it.each([
    [
      'a trigger that keeps sessions from ending',
      'CREATE TRIGGER keep BEFORE DELETE ON sessions BEGIN SELECT RAISE(IGNORE); END',
    ],
    ['no word of sessions that end', 'DROP TRIGGER sessions_end'],
    ['a view', 'CREATE VIEW everybody AS SELECT * FROM sessions'],
  ])('refuses a store with %s', async (_, sql) => {
    await fill()
    const db = new DatabaseSync(file)
    db.exec(sql)
    db.close()
    expect(() => examineSqliteStore(file)).toThrow(expect.objectContaining({ code: 'store_damaged' }))
  })
})

describe('a restore', () => {
  let data: string
  beforeEach(async () => {
    await fill()
    await backUpSqliteStore(file, copy)
    data = join(folder, 'gateway', 'data')
  })

  it('takes the place of the store in one step, keeps the former one, and ends what was under way', async () => {
    await mkdir(data, { recursive: true })
    const place = join(data, 'gateway.sqlite')
    const former = openSqliteStore(place)
    await former.useOnce('written later', Date.now() + 60_000)
    const staged = await stageSqliteStore(copy, place, 'ended')
    await former.close()
    const kept = await staged.takePlace(new Date('2026-01-02T03:04:05.678Z'))
    await staged.discard()
    expect(kept).toBe(join(data, 'gateway.sqlite.before-20260102T030405Z'))
    expect(await readdir(join(folder, 'gateway'))).toEqual(['data'])
    expect(rowsOf(kept ?? '', 'SELECT id FROM used_ids')).toEqual([{ id: 'written later' }])
    expect(rowsOf(place, 'SELECT id FROM used_ids')).toEqual([{ id: 'state-1' }])
    for (const table of ['sessions', 'host_sessions']) expect(rowsOf(place, `SELECT * FROM ${table}`)).toEqual([])
    expect((await stat(place)).mode & 0o777).toBe(0o600)
  })

  it('keeps sessions for who moves to another machine', async () => {
    await mkdir(data, { recursive: true })
    const place = join(data, 'gateway.sqlite')
    const staged = await stageSqliteStore(copy, place, 'kept')
    expect(await staged.takePlace(new Date())).toBeUndefined()
    await staged.discard()
    const store = openSqliteStore(place)
    expect(await store.findSession(session.id)).toEqual(session)
    await store.close()
  })

  it('of something else changes nothing', async () => {
    await writeFile(copy, 'not a store')
    await expect(stageSqliteStore(copy, file, 'ended')).rejects.toMatchObject({ code: 'store_damaged' })
    expect((await readdir(folder)).toSorted()).toEqual(['copy.sqlite', 'gateway.sqlite'])
    expect(rowsOf(file, 'SELECT id FROM sessions')).toEqual([{ id: session.id }])
  })

  it('does not read the former store’s log into the new one', async () => {
    const crashed = join(folder, 'crashed')
    await mkdir(join(crashed, 'data'), { recursive: true })
    const place = join(crashed, 'data', 'gateway.sqlite')
    const open = openSqliteStore(file)
    await open.useOnce('only in the log', Date.now() + 60_000)
    for (const suffix of ['', '-wal']) await copyFile(`${file}${suffix}`, `${place}${suffix}`)
    await open.close()
    const staged = await stageSqliteStore(copy, place, 'kept')
    const kept = await staged.takePlace(new Date())
    await staged.discard()
    const idsOf = (path: string) => rowsOf(path, 'SELECT id FROM used_ids ORDER BY id').map(({ id }) => id)
    expect(idsOf(place)).toEqual(['state-1'])
    expect(idsOf(kept ?? '')).toEqual(['only in the log', 'state-1'])

    const back = await stageSqliteStore(kept ?? '', place, 'kept')
    await back.takePlace(new Date(Date.now() + 1_000))
    await back.discard()
    expect(idsOf(place)).toEqual(['only in the log', 'state-1'])
  })

  it('to a disk of its own is refused before anything is done', async () => {
    await mkdir(data, { recursive: true })
    const disk = await mountFailingDisk(data)
    try {
      const staging = stageSqliteStore(copy, join(data, 'gateway.sqlite'), 'ended')
      await expect(staging).rejects.toMatchObject({ code: 'store_failed', message: expect.stringContaining(data) })
      expect(await readdir(join(folder, 'gateway'))).toEqual(['data'])
    } finally {
      await disk.remove()
    }
  })
})
