import { setTimeout as sleep } from 'node:timers/promises'

import { ProviderError } from '../errors.ts'
import { foreignWords } from '../refusal.ts'
import type { Pause } from '../rest.ts'
import { judgeAnswer, type ProofGrant, type Verdict } from './proof-answer.ts'
import { findTokenEndpoint, type ShownCredential, showCredential } from './proof-request.ts'

/** How often in a row a credential has to be accepted that was refused before: the vendor's servers learn of it one by one. */
const ACCEPTANCES_AFTER_REFUSAL = 3
/** The first wait, in milliseconds; it doubles up to the longest one. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

/** What was seen so far. */
export interface Course {
  /** Answers that were no acceptance, one after the other. */
  waits: number
  /** Whether the server ever refused the credential. */
  refused: boolean
  /** Acceptances one after the other. */
  accepted: number
  /** The last answer that was no acceptance, in words. */
  said: string
}

export const START: Course = { waits: 0, refused: false, accepted: 0, said: 'there was no time to ask' }

/** Adds one verdict; an answer that says nothing leaves a row of acceptances as it was. */
export function advance(course: Course, verdict: Verdict, said: string): Course {
  if (verdict === 'accepted') return { ...course, waits: 0, accepted: course.accepted + 1 }
  const waited = { ...course, waits: course.waits + 1, said }
  return verdict === 'refused' ? { ...waited, refused: true, accepted: 0 } : waited
}

/** Whether the credential counts as live. */
export function isProven({ refused, accepted }: Course): boolean {
  return accepted >= (refused ? ACCEPTANCES_AFTER_REFUSAL : 1)
}

/** How long to wait before the next question, in milliseconds. */
export function waitAfter({ waits }: Course): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, waits - 1), LONGEST_WAIT_MS)
}

/**
 * Asks until the server has taken the credential, or the time is over.
 * @param pause how to wait; tests give one that does not
 * @throws ProviderError `credential_refused`, `discovery_failed`, `issuer_mismatch`, `unreachable`
 */
export async function proveCredential(
  credential: ShownCredential,
  signal: AbortSignal,
  pause: Pause = pauseFor,
): Promise<void> {
  const endpoint = await findTokenEndpoint(credential, signal, pause)
  let course = START
  while (!isProven(course)) {
    const { verdict, said } = await ask(endpoint, credential, signal, pause)
    course = advance(course, verdict, said)
    if (isProven(course)) return
    await pause(waitAfter(course), signal).catch(ignore)
    if (signal.aborted) throw notProven(credential, endpoint, course, signal)
  }
}

/**
 * Shows a credential once.
 * @throws ProviderError `discovery_failed`, `issuer_mismatch`, `unreachable`
 */
export async function showOnce(credential: ShownCredential, signal: AbortSignal): Promise<Heard> {
  const endpoint = await findTokenEndpoint(credential, signal, neverAgain)
  return ask(endpoint, credential, signal, neverAgain)
}

/** Ends the wait before a second try. */
function neverAgain(): Promise<never> {
  return Promise.reject(new Error('it is asked once'))
}

/** What a token endpoint said of a credential. */
export interface Heard {
  verdict: Verdict
  said: string
}

async function ask(
  endpoint: string,
  credential: ShownCredential,
  signal: AbortSignal,
  pause: Pause,
  grant: ProofGrant = 'code',
): Promise<Heard> {
  try {
    const answer = await showCredential(endpoint, credential, grant, signal, pause)
    const verdict = judgeAnswer(grant, answer)
    if (verdict === 'undecided') return await ask(endpoint, credential, signal, pause, 'client')
    const words = foreignWords(answer.body, [credential.clientSecret])
    return { verdict, said: `it answered ${answer.status}${words === '' ? '' : ` (${words})`}` }
  } catch (error) {
    if (error instanceof ProviderError) return { verdict: 'unanswered', said: error.message }
    throw error
  }
}

function notProven(
  { clientId, issuer }: ShownCredential,
  endpoint: string,
  { refused, said }: Course,
  { reason }: AbortSignal,
): ProviderError {
  const ended = reason instanceof DOMException ? 'in time' : 'before the deployment was cancelled'
  if (!refused) {
    const text = `${endpoint} gave no word on client ${clientId} ${ended}: ${said}. Is it up, and reached from here? Then run the same command again`
    return new ProviderError('unreachable', text)
  }
  const text =
    `${issuer} did not take the secret of client ${clientId} ${ended}: ${said}. Nothing was deployed with it. A new ` +
    'secret may need longer there: run the same command again. One that somebody pasted may be wrong or expired: ' +
    'compare client id, secret, authMethod and grants with what stands there'
  return new ProviderError('credential_refused', text)
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal })
}

/** Nothing but the signal ends a pause early, and that is looked at next. */
function ignore(): void {}
