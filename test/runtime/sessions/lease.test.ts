import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { withLease } from '../../../runtime/sessions/lease.ts'
import { openSqliteStore, type Store } from '../../../runtime/store/index.ts'

let store: Store
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  store = openSqliteStore(':memory:')
})
afterEach(async () => {
  vi.useRealTimers()
  await store.close()
})

const attempt = () => withLease(store, 'work', async () => 'mine')
const other = () => store.holdLease('work', 'other', Date.now(), Date.now() + 1)

it('keeps others out for as long as the work takes, and gives the lease back', async () => {
  const work = Promise.withResolvers<string>()
  const first = withLease(store, 'work', () => work.promise)
  for (let seconds = 0; seconds < 40; seconds += 1) {
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await attempt()).toEqual({ outcome: 'elsewhere' })
  }
  work.resolve('theirs')
  expect(await first).toEqual({ outcome: 'done', result: 'theirs' })
  expect(await attempt()).toEqual({ outcome: 'done', result: 'mine' })
})

it('gives the lease back when the work fails', async () => {
  await expect(withLease(store, 'work', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await attempt()).toEqual({ outcome: 'done', result: 'mine' })
})

it('waits for ten seconds after somebody who was killed', async () => {
  await store.holdLease('work', 'killed', Date.now(), Date.now() + 10_000)
  await vi.advanceTimersByTimeAsync(9_999)
  expect(await attempt()).toEqual({ outcome: 'elsewhere' })
  await vi.advanceTimersByTimeAsync(1)
  expect(await attempt()).toEqual({ outcome: 'done', result: 'mine' })
})

it('lets its lease lapse when the store cannot renew it, and does not break the work off', async () => {
  const work = Promise.withResolvers<string>()
  const renewed = vi.spyOn(store, 'holdLease')
  const first = withLease(store, 'work', () => work.promise)
  await vi.advanceTimersByTimeAsync(1)
  renewed.mockRejectedValue(new Error('the store is gone'))
  await vi.advanceTimersByTimeAsync(11_000)
  renewed.mockRestore()
  expect(await other()).toBe(true)
  work.resolve('theirs')
  expect(await first).toEqual({ outcome: 'done', result: 'theirs' })
  expect(await attempt()).toEqual({ outcome: 'elsewhere' })
})
