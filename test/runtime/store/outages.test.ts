import { beforeEach, describe, expect, it } from 'vitest'

import { type OutageEvent, watchOutages } from '../../../runtime/store/outages.ts'
import type { Conditional, Database } from '../../../runtime/store/sql/index.ts'
import { StoreError } from '../../../runtime/store/store-error.ts'

const full = new StoreError('store_full', 'no room')
const read = { sql: 'SELECT 1', values: [] }
const write = { sql: 'UPDATE sessions SET seen_at = 1', values: [] }

let now: number
let failing: { read?: Error; write?: Error }
let changed: number
let outcome: Conditional
let told: OutageEvent[]
let database: Database
beforeEach(() => {
  now = 1_000
  failing = {}
  changed = 1
  outcome = 'done'
  told = []
  const engine = {
    async run({ sql }: { sql: string }) {
      const error = sql.startsWith('SELECT') ? failing.read : failing.write
      if (error) throw error
      return { rows: [], count: changed }
    },
    async runTogether() {
      if (failing.write) throw failing.write
    },
    async runIf() {
      if (failing.write) throw failing.write
      return outcome
    },
  } as unknown as Database
  database = watchOutages(
    engine,
    (event) => told.push(event),
    () => now,
  )
})

const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => error)

describe('an outage', () => {
  it('is told when it begins and when it ends, whatever number of requests met it', async () => {
    failing = { write: full }
    for (let count = 0; count < 5; count += 1) expect(await attempt(database.run(write))).toBe(full)
    expect(await attempt(database.runTogether([write]))).toBe(full)
    expect(told).toEqual([{ kind: 'began', ability: 'write', error: full }])
    failing = {}
    now += 60_000
    await database.run(write)
    expect(told[1]).toEqual({ kind: 'ended', ability: 'write', lastedMs: 60_000, failures: 6 })
    expect(told).toHaveLength(2)
  })

  it('of writing does not end by reading, nor by a change of nothing', async () => {
    failing = { write: full }
    await attempt(database.run(write))
    failing = {}
    now += 60_000
    await database.run(read)
    changed = 0
    await database.run(write)
    outcome = 'unmet'
    await database.runIf(read, [write])
    expect(told).toHaveLength(1)
    outcome = 'done'
    await database.runIf(read, [write])
    expect(told).toHaveLength(2)
  })

  it('goes on while only now and then something fits', async () => {
    for (let count = 0; count < 10; count += 1) {
      failing = { write: full }
      await attempt(database.run(write))
      failing = {}
      now += 1_000
      await database.run(write)
    }
    expect(told).toHaveLength(1)
  })

  it('of reading is another than that of writing', async () => {
    failing = { read: full, write: full }
    await attempt(database.run(read))
    await attempt(database.run(write))
    expect(told.map(({ ability }) => ability)).toEqual(['read', 'write'])
  })

  it('is none where a caller has made a mistake', async () => {
    failing = { write: new TypeError('a value of a wrong type') }
    await attempt(database.run(write))
    expect(told).toEqual([])
  })
})
