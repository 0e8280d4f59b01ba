import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createUses } from '../../../runtime/sessions/uses.ts'
import { type Store, StoreError } from '../../../runtime/store/index.ts'

const ids = (count: number) => Array.from({ length: count }, (_, number) => `session-${number}`)
const started = Date.UTC(2026, 0, 1)
const full = new StoreError('store_full', 'no room')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: started })
})
afterEach(() => {
  vi.useRealTimers()
})

function notes(touch: Store['touchSessions'] = () => Promise.resolve()) {
  const touchSessions = vi.fn<Store['touchSessions']>(touch)
  const log = { error: vi.fn<() => void>() }
  return { uses: createUses({ touchSessions }, log), touchSessions, log, written: () => touchSessions.mock.calls }
}

it('uses are noted together after a second, as of the first of them', async () => {
  const { uses, touchSessions, written } = notes()
  uses.note('session-1')
  vi.advanceTimersByTime(600)
  uses.note('session-2')
  vi.advanceTimersByTime(399)
  expect(touchSessions).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  await vi.waitFor(() => expect(written()).toEqual([[['session-1', 'session-2'], started]]))
  await uses.settled()
  vi.advanceTimersByTime(5_000)
  await uses.settled()
  expect(touchSessions).toHaveBeenCalledOnce()
})

it('many are written in parts, one after the other, and what comes meanwhile after them', async () => {
  const parts: number[] = []
  let underWay = 0
  const { uses } = notes(async (together) => {
    underWay += 1
    expect(underWay).toBe(1)
    if (parts.length === 0) uses.note('another')
    parts.push(together.length)
    await Promise.resolve()
    underWay -= 1
  })
  for (const id of ids(450)) uses.note(id)
  await uses.settled()
  expect(parts).toEqual([200, 200, 50])
  await uses.settled()
  expect(parts).toEqual([200, 200, 50, 1])
})

describe('what cannot be written', () => {
  it('keeps nothing else from being written, and is tried again as of its own time', async () => {
    let isFailing = true
    const { uses, written, log } = notes((together) => {
      return isFailing && together.includes('session-0') ? Promise.reject(full) : Promise.resolve()
    })
    for (const id of ids(450)) uses.note(id)
    await uses.settled()
    expect(written().map(([together]) => together.length)).toEqual([200, 200, 50])
    isFailing = false
    vi.advanceTimersByTime(10_000)
    uses.note('later')
    await uses.settled()
    expect(written().slice(3)).toEqual([
      [ids(200), started],
      [['later'], started + 10_000],
    ])
    expect(log.error).not.toHaveBeenCalled()
  })

  it('is let go when it is old, and where it was noted anew', async () => {
    const { uses, written } = notes(() => Promise.reject(full))
    for (const id of ['old', 'new']) uses.note(id)
    await uses.settled()
    vi.advanceTimersByTime(299_999)
    await uses.settled()
    uses.note('new')
    vi.advanceTimersByTime(1)
    await uses.settled()
    const before = written().length
    await uses.settled()
    expect(written().slice(before)).toEqual([[['new'], started + 299_999]])
  })

  it('is told of where the store is not what failed', async () => {
    const { uses, log } = notes(() => Promise.reject(new TypeError('no store')))
    uses.note('session-1')
    await uses.settled()
    expect(log.error).toHaveBeenCalledWith({ error: 'no store' }, 'Uses of sessions could not be noted')
  })
})
