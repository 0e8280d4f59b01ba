import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { describe, expect, it } from 'vitest'

import { openSqliteStore } from '../../../runtime/store/index.ts'
import { describeStore } from './contract.ts'

async function openFresh() {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-store-'))
  const file = join(folder, 'gateway.sqlite')
  return { file, store: openSqliteStore(file), remove: () => rm(folder, { recursive: true }) }
}

describe('SQLite', () => {
  describeStore(openFresh)

  it('keeps everything over closing and opening', async () => {
    const { file, store, remove } = await openFresh()
    await store.useOnce('state', 9_000)
    await store.close()
    const again = openSqliteStore(file)
    expect(await again.useOnce('state', 9_000)).toBe(false)
    await again.close()
    await remove()
  })

  it('refuses a file of a newer version and leaves it as it is', async () => {
    const { file, store, remove } = await openFresh()
    await store.close()
    const raw = new DatabaseSync(file)
    raw.exec('PRAGMA user_version = 999')
    raw.close()
    expect(() => openSqliteStore(file)).toThrow('newer version')
    await remove()
  })
})
