import type { RefreshOutcome } from '../providers/index.ts'
import type { RefreshState, Session } from '../store/index.ts'

/** Asked so long before the access token ends, in milliseconds, or at a fifth of its life where that is less. */
const BEFORE_END_MS = 60_000
const SHARE_OF_LIFE = 0.2
/** Where the provider does not say how long its token lives. */
const ASSUMED_MS = 5 * 60_000
/** Tokens that live shorter are asked for no more often. */
const SHORTEST_LIFE_MS = 1_000
/** A provider that could not be asked is left in peace for so long. */
const BACKOFF_MS = 30_000

/**
 * When a session's provider is to be asked for new tokens.
 * @param accessExpiresAt milliseconds since 1970; undefined where the provider does not say
 * @param now when the tokens were issued
 * @param graceMs how long the session lives on after that without a word of the provider
 */
export function stateAfterIssue(accessExpiresAt: number | undefined, now: number, graceMs: number): RefreshState {
  if (accessExpiresAt === undefined) {
    const dueAt = now + ASSUMED_MS - BEFORE_END_MS
    return { dueAt, failsAt: now + ASSUMED_MS + graceMs, startedAt: undefined }
  }
  const life = Math.max(accessExpiresAt - now, SHORTEST_LIFE_MS)
  const dueAt = now + life - Math.min(BEFORE_END_MS, life * SHARE_OF_LIFE)
  return { dueAt: Math.floor(dueAt), failsAt: now + life + graceMs, startedAt: undefined }
}

/**
 * What a session needs before it may be used: `none`; to be refreshed meanwhile (`background`); to be refreshed first,
 * because its time without the provider's word is over (`wait`); or nothing can be done any more for now (`over`).
 */
export type RefreshNeed = 'none' | 'background' | 'wait' | 'over'

/** @returns what a session with this state needs at `now`; a session without a refresh token needs nothing */
export function refreshNeed(refresh: RefreshState | undefined, now: number): RefreshNeed {
  if (!refresh) return 'none'
  const mayAsk = now >= refresh.dueAt && !isUsedUp(refresh)
  if (now < refresh.failsAt) return mayAsk ? 'background' : 'none'
  return mayAsk ? 'wait' : 'over'
}

/**
 * Like `refreshNeed`, for a session whose person may have been read by other settings than its provider has by now: a rule that
 * was written for these must not judge it. It is asked for at once, however long its access token lives; when that did not
 * help, again when it is due.
 * @param readAs the provider's present one
 * @returns `over` for one that was read otherwise and has no refresh token to change that
 */
export function sessionNeed(
  { person, refresh }: Pick<Session, 'person' | 'refresh'>,
  readAs: string | undefined,
  now: number,
): RefreshNeed {
  const need = refreshNeed(refresh, now)
  if (person.readAs === readAs || need === 'over') return need
  if (!refresh || isUsedUp(refresh)) return 'over'
  return refresh.askedAs !== readAs || now >= refresh.dueAt ? 'wait' : 'over'
}

/** The state of a session whose refresh token is worth nothing any more: nobody asks again, and it lives until `failsAt`. */
export function usedUp(refresh: RefreshState, now: number): RefreshState {
  return { ...refresh, dueAt: refresh.failsAt, startedAt: refresh.startedAt ?? now }
}

function isUsedUp({ dueAt, failsAt, startedAt }: RefreshState): boolean {
  return dueAt === failsAt && startedAt !== undefined
}

/** What follows from a provider's answer. */
export type Verdict =
  | { verdict: 'renewed'; refresh: RefreshState }
  /** The provider has ended it. */
  | { verdict: 'ended' }
  /** The token was used before by somebody who never told how it ended: the refusal says nothing about the person. */
  | { verdict: 'used_up'; refresh: RefreshState }
  | { verdict: 'put_off'; refresh: RefreshState }

/**
 * @param before as it was read, before this attempt was noted in it: `startedAt` is that of somebody who never finished
 * @param startedAt when this attempt began
 * @param now when the answer came
 */
export function judgeOutcome(
  outcome: RefreshOutcome,
  before: RefreshState,
  { startedAt, now, graceMs }: { startedAt: number; now: number; graceMs: number },
): Verdict {
  switch (outcome.outcome) {
    case 'renewed':
      return { verdict: 'renewed', refresh: { ...before, ...stateAfterIssue(outcome.accessExpiresAt, now, graceMs) } }
    case 'revoked':
      return before.startedAt === undefined
        ? { verdict: 'ended' }
        : { verdict: 'used_up', refresh: usedUp(before, startedAt) }
    case 'unreachable': {
      const later = now + BACKOFF_MS
      // Just before the end it is asked for once more; the end itself would mean that the token is used up.
      const dueAt = now < before.failsAt ? Math.min(later, before.failsAt - 1) : later
      const unknown = outcome.processed === 'no' ? before.startedAt : startedAt
      return { verdict: 'put_off', refresh: { ...before, dueAt, startedAt: unknown } }
    }
  }
}
