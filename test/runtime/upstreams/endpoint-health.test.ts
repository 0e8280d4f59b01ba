import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  afterChoice,
  afterRequest,
  type EndpointHealth,
  isAvailable,
  UNTOUCHED_HEALTH,
} from '../../../runtime/upstreams/endpoint-health.ts'

const SECOND = 1_000

/** After so many failures of requests that nobody took for a trial. */
function failing(health: EndpointHealth, times: number, now: number): EndpointHealth {
  let current = health
  for (let failure = 0; failure < times; failure += 1) current = afterRequest(current, 'failed', false, now)
  return current
}

/** Chooses it and tells how that went. */
function trial(health: EndpointHealth, outcome: 'answered' | 'failed' | 'abandoned', now: number): EndpointHealth {
  return afterRequest(afterChoice(health, now), outcome, true, now)
}

describe('a server', () => {
  test('is ejected for 30 s by five failures in a row', () => {
    expect(isAvailable(failing(UNTOUCHED_HEALTH, 4, 0), 0)).toBe(true)
    const ejected = failing(UNTOUCHED_HEALTH, 5, 0)
    expect(isAvailable(ejected, 30 * SECOND - 1)).toBe(false)
    expect(isAvailable(ejected, 30 * SECOND)).toBe(true)
  })

  test('is not ejected by failures that an answer comes between', () => {
    const answered = afterRequest(failing(UNTOUCHED_HEALTH, 4, 0), 'answered', false, 0)
    expect(isAvailable(failing(answered, 4, 0), 0)).toBe(true)
  })

  test('is neither blamed nor acquitted by clients that go away', () => {
    const abandoned = afterRequest(failing(UNTOUCHED_HEALTH, 4, 0), 'abandoned', false, 0)
    expect(isAvailable(failing(abandoned, 1, 0), 0)).toBe(false)
  })

  test('gets one request for a trial, and is back when that is answered', () => {
    const ejected = failing(UNTOUCHED_HEALTH, 5, 0)
    const tried = afterChoice(ejected, 30 * SECOND)
    expect(isAvailable(tried, 30 * SECOND)).toBe(false)
    expect(isAvailable(afterRequest(tried, 'answered', true, 31 * SECOND), 31 * SECOND)).toBe(true)
  })

  test('is ejected for twice as long by each trial that fails, for five minutes at most', () => {
    let health = failing(UNTOUCHED_HEALTH, 5, 0)
    let now = 0
    const lengths: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const until = health.kind === 'ejected' ? health.until : NaN
      lengths.push((until - now) / SECOND)
      now = until
      health = trial(health, 'failed', now)
    }
    expect(lengths).toEqual([30, 60, 120, 240, 300, 300])
  })

  test('is tried by another request when the client of its trial went away, or when that takes too long', () => {
    const ejected = failing(UNTOUCHED_HEALTH, 5, 0)
    expect(isAvailable(trial(ejected, 'abandoned', 30 * SECOND), 30 * SECOND)).toBe(true)
    expect(isAvailable(afterChoice(ejected, 30 * SECOND), 60 * SECOND)).toBe(true)
  })

  test('is not judged by what began before its ejection', () => {
    const ejected = failing(UNTOUCHED_HEALTH, 5, 0)
    expect(afterRequest(ejected, 'answered', false, 1)).toBe(ejected)
    const tried = afterChoice(ejected, 30 * SECOND)
    expect(afterRequest(tried, 'answered', false, 30 * SECOND)).toBe(tried)
    expect(afterRequest(tried, 'failed', false, 30 * SECOND)).toBe(tried)
  })

  test('has its ejections forgotten after five quiet minutes, and not before', () => {
    const back = trial(failing(UNTOUCHED_HEALTH, 5, 0), 'answered', 30 * SECOND)
    expect(failing(back, 5, 40 * SECOND)).toMatchObject({ until: 100 * SECOND })
    expect(failing(back, 5, 331 * SECOND)).toMatchObject({ until: 361 * SECOND })
  })
})

test('whatever happens, a server is available again within five minutes', () => {
  const event = fc.record({
    waitMs: fc.integer({ min: 0, max: 400 * SECOND }),
    outcome: fc.constantFrom('answered' as const, 'failed' as const, 'abandoned' as const),
    isTrial: fc.boolean(),
    isChosen: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let health = UNTOUCHED_HEALTH
      let now = 0
      for (const { waitMs, outcome, isTrial, isChosen } of events) {
        now += waitMs
        if (isChosen && isAvailable(health, now)) health = afterChoice(health, now)
        health = afterRequest(health, outcome, isTrial, now)
        expect(isAvailable(health, now + 300 * SECOND)).toBe(true)
      }
    }),
    { seed: 6 },
  )
})
