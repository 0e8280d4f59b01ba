import { describe, expect, it } from 'vitest'

import { createPace, type PaceBounds } from '../../../runtime/limits/index.ts'
import { Refusal } from '../../../runtime/refusal.ts'

const BOUNDS: PaceBounds = { waitMs: 1_000, everyMs: 500, longestMs: 3_000, waiting: 100 }

/** A pace whose time goes on when a test says so. */
function openPace(change: Partial<PaceBounds> = {}) {
  let time = 0
  const sleepers = new Map<() => void, number>()
  const pace = createPace(
    { ...BOUNDS, ...change },
    {
      now: () => time,
      wait: (ms) => new Promise<void>((wake) => sleepers.set(wake, time + ms)),
    },
  )
  const passed: string[] = []
  const refused: Refusal[] = []
  return {
    passed,
    refused,
    /** Who comes, and may or may not wait. */
    comes: (name: string, key = 'alice') => {
      void pace.turn(key).then(
        () => passed.push(name),
        (error: unknown) => refused.push(error as Refusal),
      )
    },
    until: async (ms: number) => {
      time = ms
      for (const [wake, at] of sleepers) {
        if (at > time) continue
        sleepers.delete(wake)
        wake()
      }
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('a pace', () => {
  it('lets each through a second after it came, and two a second of one key, in the order of their coming', async () => {
    const { comes, until, passed, refused } = openPace()
    for (const name of ['first', 'second', 'third']) comes(name)
    await until(999)
    expect(passed).toEqual([])
    await until(1_000)
    expect(passed).toEqual(['first'])
    await until(1_500)
    expect(passed).toEqual(['first', 'second'])
    await until(2_000)
    expect(passed).toEqual(['first', 'second', 'third'])
    expect(refused).toEqual([])
  })

  it('keeps keys apart, and forgets one with the last who waits', async () => {
    const { comes, until, passed } = openPace()
    comes('alice')
    comes('bob', 'bob')
    await until(1_000)
    expect(passed).toEqual(['alice', 'bob'])
    comes('alice again')
    await until(2_000)
    expect(passed.at(-1)).toBe('alice again')
  })

  it('asks whoever would wait too long to come again, and takes them when there is room', async () => {
    const { comes, until, passed, refused } = openPace()
    for (let count = 0; count < 10; count += 1) comes(`${count}`)
    await until(0)
    expect(refused).toHaveLength(5)
    expect(refused[0]).toBeInstanceOf(Refusal)
    expect(refused[0]).toMatchObject({ code: 'busy', retryAfterSeconds: 1 })
    await until(2_000)
    comes('later')
    await until(4_000)
    expect(passed).toEqual(['0', '1', '2', '3', '4', 'later'])
  })

  it('is bounded over all keys', async () => {
    const { comes, until, passed, refused } = openPace({ waiting: 2 })
    for (const name of ['alice', 'bob', 'carol']) comes(name, name)
    await until(1_000)
    expect(passed).toEqual(['alice', 'bob'])
    expect(refused.map(({ code }) => code)).toEqual(['busy'])
    comes('carol', 'carol')
    await until(2_000)
    expect(passed.at(-1)).toBe('carol')
  })
})
