import type { Reading, RefusedPart } from './reading.ts'

/**
 * Whether people can begin a sign-in that leads back to the callback.
 * `cannot-tell`: the provider answers everything in the same way, or not at all.
 */
export type CallbackVerdict =
  | { verdict: 'accepted'; reason: string }
  | { verdict: 'refused'; part: RefusedPart; reason: string }
  | { verdict: 'cannot-tell'; reason: string }

/** What a provider answers where nobody is signed in and it may not ask (OpenID Connect Core 1.0 §3.1.2.6). */
const NOBODY_SIGNED_IN = new Set([
  'login_required',
  'interaction_required',
  'account_selection_required',
  'consent_required',
])

/**
 * Judges a request with `prompt=none` alone: a provider that sends it back has proven that it knows the callback.
 * @returns undefined where only a comparison can tell
 */
export function judgeSilent(silent: Reading): CallbackVerdict | undefined {
  if (silent.kind === 'sent-back' && isExpected(silent.error)) return sentBack(silent.error)
  return silent.kind === 'refused' && silent.part !== 'request' ? refused(silent.part, silent.sign) : undefined
}

/**
 * Judges an ordinary request beside one with an address that nobody has registered: what is answered to both tells nothing.
 * @param asked the answer for the callback
 * @param control the answer for the other one
 */
export function judgeCompared(asked: Reading, control: Reading): CallbackVerdict {
  if (asked.kind === 'no-answer') return { verdict: 'cannot-tell', reason: asked.why }
  if (asked.kind === 'refused') return refused(asked.part, asked.sign)
  if (asked.kind === 'goes-on') return judgeByControl(control)
  if (isExpected(asked.error)) return sentBack(asked.error)
  const reason = `the provider knows the callback, but sends every sign-in straight back with ${asked.error}`
  return { verdict: 'refused', part: 'request', reason }
}

function judgeByControl(control: Reading): CallbackVerdict {
  switch (control.kind) {
    case 'refused':
      return {
        verdict: 'accepted',
        reason: 'the provider goes on to sign-in, and refuses an address that nobody registered',
      }
    case 'no-answer':
      return { verdict: 'cannot-tell', reason: `for an address to compare with, ${control.why}` }
    default:
      return {
        verdict: 'cannot-tell',
        reason: 'the provider answers an address that nobody registered in the same way',
      }
  }
}

function isExpected(error: string | undefined): boolean {
  return error === undefined || NOBODY_SIGNED_IN.has(error)
}

function sentBack(error = 'signed in'): CallbackVerdict {
  return { verdict: 'accepted', reason: `the provider sent a request back to it (${error})` }
}

function refused(part: RefusedPart, sign: string): CallbackVerdict {
  const what = {
    callback: 'the provider does not know the callback',
    client: 'the provider does not know the client',
    request: 'the provider refuses the request',
  }
  return { verdict: 'refused', part, reason: `${what[part]} (${sign})` }
}
