import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { RefreshOutcome } from '../../../runtime/providers/index.ts'
import {
  judgeOutcome,
  refreshNeed,
  sessionNeed,
  stateAfterIssue,
  usedUp,
} from '../../../runtime/sessions/refresh-state.ts'

const MINUTE = 60_000
const now = 1_000_000

describe('new tokens', () => {
  it.each([
    ['an hour', 60 * MINUTE, 59 * MINUTE],
    ['ten minutes', 10 * MINUTE, 9 * MINUTE],
    ['a minute', MINUTE, 48_000],
    ['five seconds', 5_000, 4_000],
    ['no time', 0, 800],
    ['less than that', -MINUTE, 800],
  ])('that live for %s are due before their end', (_, life, dueAfter) => {
    const state = stateAfterIssue(now + life, now, 10 * MINUTE)
    expect(state.dueAt).toBe(now + dueAfter)
    expect(state.failsAt).toBe(Math.max(now + life, now + 1_000) + 10 * MINUTE)
  })

  it('that live nobody says how long are due within five minutes', () => {
    expect(stateAfterIssue(undefined, now, MINUTE)).toEqual({
      dueAt: now + 4 * MINUTE,
      failsAt: now + 6 * MINUTE,
      startedAt: undefined,
    })
  })

  it('are due before the session fails, also without grace', () => {
    for (const life of [0, 1, 500, 1_000, MINUTE, 60 * MINUTE]) {
      const { dueAt, failsAt } = stateAfterIssue(now + life, now, 0)
      expect(dueAt).toBeLessThan(failsAt)
    }
  })
})

describe('a session', () => {
  const state = { dueAt: 100, failsAt: 200, startedAt: undefined }
  it.each([
    ['fresh', state, 99, 'none'],
    ['due', state, 100, 'background'],
    ['due, and somebody is asking', { ...state, startedAt: 90 }, 150, 'background'],
    ['past its time', state, 200, 'wait'],
    ['past its time, and its provider could not be asked just now', { ...state, dueAt: 230 }, 200, 'over'],
    ['past its time, and it is time to ask again', { ...state, dueAt: 230 }, 230, 'wait'],
    ['whose token is used up', usedUp(state, 90), 199, 'none'],
    ['whose token is used up, past its time', usedUp(state, 90), 200, 'over'],
  ] as const)('that is %s needs what it needs', (_, refresh, at, need) => {
    expect(refreshNeed(refresh, at)).toBe(need)
  })

  it('without a refresh token needs nothing, ever', () => {
    expect(refreshNeed(undefined, Infinity)).toBe('none')
  })
})

describe('a session whose person was read by other settings than those of now', () => {
  const person = { id: 'p', email: '', name: '', groups: [], claims: {}, readAs: 'before' }
  const state = { dueAt: 100, failsAt: 200, startedAt: undefined }
  const asked = { ...state, askedAs: 'now' }
  it.each([
    ['fresh', state, 1, 'wait'],
    ['fresh, and was asked for by other settings', { ...state, askedAs: 'before' }, 1, 'wait'],
    ['due', state, 100, 'wait'],
    ['past its time', state, 200, 'wait'],
    ['past its time, and its provider could not be asked just now', { ...state, dueAt: 230 }, 200, 'over'],
    ['asked for in vain', asked, 99, 'over'],
    ['asked for in vain, and it is time to ask again', asked, 100, 'wait'],
    ['with a token that is used up', usedUp(state, 90), 99, 'over'],
    ['without a refresh token', undefined, 1, 'over'],
  ] as const)('that is %s is not used as it is', (_, refresh, at, need) => {
    expect(sessionNeed({ person, refresh }, 'now', at)).toBe(need)
  })

  it.each([undefined, state, asked, usedUp(state, 90)])(
    'is judged by its tokens alone once that is over: %j',
    (refresh) => {
      for (const at of [1, 99, 100, 199, 200, 300]) {
        expect(sessionNeed({ person, refresh }, 'before', at)).toBe(refreshNeed(refresh, at))
      }
    },
  )
})

describe('what a provider answers', () => {
  const before = { dueAt: now - MINUTE, failsAt: now + 10 * MINUTE, startedAt: undefined }
  const unfinished = { ...before, startedAt: now - 30_000 }
  const times = { startedAt: now - 50, now, graceMs: MINUTE }
  const unreachable: RefreshOutcome = { outcome: 'unreachable', reason: 'timeout' }
  const notProcessed: RefreshOutcome = { outcome: 'unreachable', reason: 'refused', processed: 'no' }

  it('ends the session when it says that it is over', () => {
    expect(judgeOutcome({ outcome: 'revoked' }, before, times)).toEqual({ verdict: 'ended' })
  })

  it('proves nothing when somebody who never finished may have used the token', () => {
    const verdict = judgeOutcome({ outcome: 'revoked' }, unfinished, times)
    expect(verdict).toMatchObject({ verdict: 'used_up', refresh: { dueAt: before.failsAt, failsAt: before.failsAt } })
    const refresh = verdict.verdict === 'used_up' ? verdict.refresh : undefined
    expect(refreshNeed(refresh, before.failsAt - 1)).toBe('none')
    expect(refreshNeed(refresh, before.failsAt)).toBe('over')
  })

  it('is asked for again in half a minute when nobody answered', () => {
    const verdict = judgeOutcome(unreachable, before, times)
    expect(verdict).toMatchObject({ verdict: 'put_off', refresh: { dueAt: now + 30_000, failsAt: before.failsAt } })
  })

  it('is asked for once more before the session fails', () => {
    const soon = { ...before, failsAt: now + 10_000 }
    const verdict = judgeOutcome(unreachable, soon, times)
    expect(verdict).toMatchObject({ refresh: { dueAt: soon.failsAt - 1 } })
    expect(refreshNeed(verdict.verdict === 'put_off' ? verdict.refresh : undefined, soon.failsAt)).toBe('wait')
  })

  it('is left in peace also after the session has failed', () => {
    const failed = { ...before, failsAt: now - 1 }
    expect(judgeOutcome(unreachable, failed, times)).toMatchObject({ refresh: { dueAt: now + 30_000 } })
  })

  it.each([
    ['may have been heard', unreachable, before, times.startedAt],
    ['was certainly not heard', notProcessed, before, undefined],
    ['was not heard, after one that may have been', notProcessed, unfinished, unfinished.startedAt],
  ])('leaves it open what became of the token when the question %s', (_, outcome, state, startedAt) => {
    const verdict = judgeOutcome(outcome, state, times)
    expect(verdict.verdict === 'put_off' ? verdict.refresh.startedAt : 'none').toBe(startedAt)
  })
})

/** How an attempt goes: `lost` where no answer comes, `killed` where nobody is left to hear it; before or after the provider has acted. */
const EVENTS = ['answered', 'not connected', 'lost before', 'lost after', 'killed before', 'killed after'] as const

/** A provider whose refresh token changes at each use; one that comes twice ends the grant (RFC 9700 §4.14.2). */
function rotatingGrant() {
  let current = 1
  let isEnded = false
  return {
    disable: () => (isEnded = true),
    present(token: number): number | 'revoked' {
      if (isEnded || token !== current) {
        isEnded = true
        return 'revoked'
      }
      return (current += 1)
    },
  }
}

const renewed = (at: number): RefreshOutcome => ({
  outcome: 'renewed',
  person: { id: 'p', email: '', name: '', groups: [], claims: {}, readAs: 'now' },
  authentication: { time: 0, acr: undefined, amr: [] },
  tokens: { access: '', refresh: '', id: '' },
  accessExpiresAt: at + 5 * MINUTE,
})

interface Step {
  /** Milliseconds since the last one. */
  after: number
  event: (typeof EVENTS)[number]
  disable: boolean
}

/** @returns whether the provider ended the grant by itself, and whether the session was ended for it */
function play(script: readonly Step[]): { wasDisabled: boolean; hasEnded: boolean } {
  const grant = rotatingGrant()
  const graceMs = 10 * MINUTE
  let [at, token, wasDisabled] = [now, 1, false]
  let state = stateAfterIssue(at + 5 * MINUTE, at, graceMs)
  for (const { after, event, disable } of script) {
    at += after
    if (disable) grant.disable()
    wasDisabled ||= disable
    const need = refreshNeed(state, at)
    if (need !== 'background' && need !== 'wait') continue
    const before = state
    const word = event === 'answered' || event.endsWith('after') ? grant.present(token) : 'revoked'
    state = { ...before, startedAt: at }
    if (event.startsWith('killed')) continue
    const verdict = judgeOutcome(outcomeOf(event, word, at), before, { startedAt: at, now: at, graceMs })
    if (verdict.verdict === 'ended') return { wasDisabled, hasEnded: true }
    if (verdict.verdict === 'renewed' && word !== 'revoked') token = word
    state = verdict.refresh
  }
  return { wasDisabled, hasEnded: false }
}

function outcomeOf(event: Step['event'], word: number | 'revoked', at: number): RefreshOutcome {
  if (event === 'not connected') return { outcome: 'unreachable', reason: '', processed: 'no' }
  if (event !== 'answered') return { outcome: 'unreachable', reason: '' }
  return word === 'revoked' ? { outcome: 'revoked' } : renewed(at)
}

it('whatever is lost or killed on the way, a session ends only when its provider has ended it', () => {
  const step = (disable: fc.Arbitrary<boolean>) =>
    fc.record({ after: fc.integer({ min: 1, max: 8 * MINUTE }), event: fc.constantFrom(...EVENTS), disable })
  const loyal = fc.array(step(fc.constant(false)), { maxLength: 40 })
  fc.assert(
    fc.property(loyal, (script) => {
      expect(play(script)).toEqual({ wasDisabled: false, hasEnded: false })
    }),
    { seed: 5, numRuns: 1_000 },
  )
  const ended = { after: 5 * MINUTE, event: 'answered', disable: true } as const
  expect(play([{ ...ended, disable: false }, ended])).toEqual({ wasDisabled: true, hasEnded: true })
})
