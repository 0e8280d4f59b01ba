import { describe, expect, it } from 'vitest'

import type { Fixture } from './fixture.ts'
import { handOver, keptBody } from './records.ts'

/** What is given out, held or counted. */
export function describeOnce(fixture: () => Fixture): void {
  it('a hand-over is given out once, and not once it has expired', async () => {
    const { store } = fixture()
    await store.insertHandOver(handOver)
    expect(await store.takeHandOver('code-1', 1_999)).toStrictEqual(handOver)
    expect(await store.takeHandOver('code-1', 1_999)).toBeUndefined()
    await store.insertHandOver(handOver)
    expect(await store.takeHandOver('code-1', 2_000)).toBeUndefined()
  })

  it('a kept body is given out once, and not once it has expired', async () => {
    const { store } = fixture()
    await store.insertKeptBody(keptBody)
    expect(await store.takeKeptBody('body-1', 1_999)).toStrictEqual(keptBody)
    expect(await store.takeKeptBody('body-1', 1_999)).toBeUndefined()
    await store.insertKeptBody(keptBody)
    expect(await store.takeKeptBody('body-1', 2_000)).toBeUndefined()
  })

  it('an id is used once', async () => {
    const { store } = fixture()
    expect(await store.useOnce('state-1', 2_000)).toBe(true)
    expect(await store.useOnce('state-1', 2_000)).toBe(false)
    expect(await store.useOnce('state-2', 2_000)).toBe(true)
  })

  describe('a lease', () => {
    it('is held by one, who may renew it', async () => {
      const { store } = fixture()
      expect(await store.holdLease('refresh', 'a', 1_000, 2_000)).toBe(true)
      expect(await store.holdLease('refresh', 'b', 1_500, 2_500)).toBe(false)
      expect(await store.holdLease('refresh', 'a', 1_500, 3_000)).toBe(true)
      expect(await store.holdLease('refresh', 'b', 2_999, 4_000)).toBe(false)
      expect(await store.holdLease('other', 'b', 1_000, 2_000)).toBe(true)
    })

    it('is free again when it is over', async () => {
      const { store } = fixture()
      await store.holdLease('refresh', 'a', 1_000, 2_000)
      expect(await store.holdLease('refresh', 'b', 2_000, 3_000)).toBe(true)
      expect(await store.holdLease('refresh', 'a', 2_500, 3_500)).toBe(false)
    })

    it('is given back by its holder alone', async () => {
      const { store } = fixture()
      await store.holdLease('refresh', 'a', 1_000, 2_000)
      await store.releaseLease('refresh', 'b')
      expect(await store.holdLease('refresh', 'b', 1_000, 2_000)).toBe(false)
      await store.releaseLease('refresh', 'a')
      expect(await store.holdLease('refresh', 'b', 1_000, 2_000)).toBe(true)
    })
  })

  it('events are counted by key and window', async () => {
    const { store } = fixture()
    const count = (key: string, windowMs: number, now: number) => store.countEvent(key, windowMs, now)
    expect([await count('a', 1_000, 5_000), await count('a', 1_000, 5_999)]).toEqual([1, 2])
    expect(await count('a', 1_000, 6_000)).toBe(1)
    expect(await count('b', 1_000, 5_000)).toBe(1)
    expect(await count('a', 5_000, 5_000)).toBe(1)
    expect(await count('a', 1_000, 5_500)).toBe(3)
  })
}
