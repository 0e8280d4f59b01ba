import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { describe, expect, it } from 'vitest'

import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'
import { describeStore, type Fixture } from './contract/index.ts'

async function openFresh() {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-store-'))
  const file = join(folder, 'gateway.sqlite')
  const stores: Store[] = []
  const another = async (): Promise<Store> => {
    const store = openSqliteStore(file)
    stores.push(store)
    return store
  }
  const ask: Fixture['ask'] = async (sql, values = []) => {
    const db = new DatabaseSync(file)
    try {
      return db.prepare(sql).all(Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value])))
    } finally {
      db.close()
    }
  }
  const explain: Fixture['explain'] = async ({ sql, values }) =>
    (await ask(`EXPLAIN QUERY PLAN ${sql}`, values)).map((row) => String(row['detail']))
  const remove = async (): Promise<void> => {
    await Promise.all(stores.map((store) => store.close()))
    await rm(folder, { recursive: true })
  }
  return { file, store: await another(), another, schema: '', ask, explain, remove }
}

describe('SQLite', () => {
  describeStore(openFresh)

  it('keeps everything over closing and opening', async () => {
    const { store, another, remove } = await openFresh()
    await store.useOnce('state', 9_000)
    await store.close()
    expect(await (await another()).useOnce('state', 9_000)).toBe(false)
    await remove()
  })

  it('says that it failed once it is closed, and where there is no folder', async () => {
    const { file, store, remove } = await openFresh()
    await store.close()
    await expect(store.findSession('session-1')).rejects.toMatchObject({ name: 'StoreError', code: 'store_failed' })
    expect(() => openSqliteStore(join(file, 'gone.sqlite'))).toThrow(expect.objectContaining({ code: 'store_failed' }))
    await remove()
  })

  it('rejects at once, and goes on later, while another process keeps the file locked', async () => {
    const { file, store, remove } = await openFresh()
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.useOnce('state', 9_000)).rejects.toMatchObject({ code: 'store_failed' })
    other.exec('ROLLBACK')
    expect(await store.useOnce('state', 9_000)).toBe(true)
    other.close()
    await remove()
  })
})
