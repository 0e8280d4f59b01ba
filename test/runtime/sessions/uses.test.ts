import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createUses } from '../../../runtime/sessions/uses.ts'
import { StoreError } from '../../../runtime/store/index.ts'

const ids = (count: number) => Array.from({ length: count }, (_, number) => `session-${number}`)
const started = Date.UTC(2026, 0, 1)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: started })
})
afterEach(() => {
  vi.useRealTimers()
})

it('notes uses together after a second, as of the first of them', async () => {
  const touchSessions = vi.fn<(ids: readonly string[], seenAt: number) => Promise<void>>()
  const uses = createUses({ touchSessions })
  uses.note('session-1')
  vi.advanceTimersByTime(600)
  for (const id of ['session-2', 'session-1']) uses.note(id)
  vi.advanceTimersByTime(399)
  expect(touchSessions).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  await vi.waitFor(() => expect(touchSessions.mock.calls).toEqual([[['session-1', 'session-2'], started]]))
  vi.advanceTimersByTime(5_000)
  await uses.settled()
  expect(touchSessions).toHaveBeenCalledOnce()
})

it('writes many in parts, one after the other', async () => {
  const parts: number[] = []
  let underWay = 0
  const uses = createUses({
    async touchSessions(together) {
      underWay += 1
      expect(underWay).toBe(1)
      parts.push(together.length)
      await Promise.resolve()
      underWay -= 1
    },
  })
  for (const id of ids(450)) uses.note(id)
  const first = uses.settled()
  uses.note('another')
  await Promise.all([first, uses.settled()])
  expect(parts).toEqual([200, 200, 50, 1])
})

it('lets go what cannot be written, and goes on', async () => {
  const touchSessions = vi.fn<(ids: readonly string[], seenAt: number) => Promise<void>>()
  touchSessions.mockRejectedValueOnce(new StoreError('store_full', 'no room'))
  const uses = createUses({ touchSessions })
  uses.note('session-1')
  await uses.settled()
  uses.note('session-2')
  await uses.settled()
  expect(touchSessions.mock.calls.map(([together]) => together)).toEqual([['session-1'], ['session-2']])
})
