import type { ClientHttp2Session } from 'node:http2'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { DEFAULT_SILENCE, watchSilence } from '../../../../runtime/upstreams/http2/silence.ts'

const MINUTE = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Watches a connection that answers its pings, and tells how many there were. */
function watch(traffic: { isInUse: boolean; wasHeard: boolean }): () => number {
  let pings = 0
  const session = {
    destroyed: false,
    ping: (answered: () => void) => {
      pings += 1
      answered()
    },
  } as unknown as ClientHttp2Session
  watchSilence(session, DEFAULT_SILENCE, { isInUse: () => traffic.isInUse, takeHeard: () => traffic.wasHeard })
  return () => pings
}

test('a silent stream has its connection pinged once, and again only after five minutes', () => {
  const pings = watch({ isInUse: true, wasHeard: false })
  vi.advanceTimersByTime(MINUTE)
  expect(pings()).toBe(1)
  vi.advanceTimersByTime(4 * MINUTE)
  expect(pings()).toBe(1)
  vi.advanceTimersByTime(MINUTE)
  expect(pings()).toBe(2)
})

test.each([
  ['that is not used', { isInUse: false, wasHeard: false }],
  ['that brings something', { isInUse: true, wasHeard: true }],
])('a connection %s is not pinged', (_what, traffic) => {
  const pings = watch(traffic)
  vi.advanceTimersByTime(20 * MINUTE)
  expect(pings()).toBe(0)
})
