import { setTimeout as sleep } from 'node:timers/promises'

import type { z } from 'zod'

import { boundedFetch } from '../../runtime/outbound/index.ts'
import { ProviderError } from './errors.ts'
import { foreignWords, withoutQuery } from './refusal.ts'

/** How often a request is sent at most. */
const MAX_TRIES = 6
/** The wait before the second try, in milliseconds; it doubles with each further one. */
const FIRST_BACK_OFF_MS = 500
/** The longest wait that a server may ask for, in milliseconds; one that wants more is left alone. */
const MAX_WAIT_MS = 120_000

/** A request to a vendor's management API. */
export interface RestRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  /** Sent as JSON; a URLSearchParams as a form. */
  body?: unknown
  /** Ends the request and all waiting. */
  signal: AbortSignal
  /** Whether it may lead into a private network; left out, it may: the operator's own providers are there. */
  allowPrivateAddresses?: boolean
  /**
   * Whether doing it twice is the same as doing it once; left out, as its method says (RFC 9110 §9.2.2). Said where a vendor
   * makes a thing by PUT, or sets one by POST.
   */
  isIdempotent?: boolean
  /** Values that no error may repeat, such as the token in the headers. */
  secrets: readonly unknown[]
}

export interface RestAnswer {
  /** Never 429, never 5xx. A redirect is not followed. */
  status: number
  headers: Headers
  /** Parsed JSON; undefined where it is none. */
  body: unknown
}

/** Waits, in milliseconds; rejects when the signal is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>

/**
 * Sends a request and, where that cannot do a thing twice, sends it again. That is every request after a 429 (RFC 6585 §4) or
 * when no connection came about, GET, PUT and DELETE (RFC 9110 §9.2.2), and what is said to be idempotent, also after a 5xx,
 * a broken connection or silence. Before that it waits with exponential back-off, or longer where the server asks for it (Retry-After, or Okta's
 * X-Rate-Limit-Reset).
 * @param pause how to wait; tests give one that does not
 * @returns every other answer, whatever its status: `refusal` makes an error of an unwanted one
 * @throws ProviderError `unreachable` when there is none after the last try, or a header cannot be sent
 */
export async function restRequest(given: RestRequest, pause: Pause = pauseFor): Promise<RestAnswer> {
  const request = { ...given, headers: sendableHeaders(given.url, given.headers) }
  for (let tries = 1; ; tries += 1) {
    const outcome = await attempt(request)
    if ('answer' in outcome) return outcome.answer
    if (request.signal.aborted || !outcome.mayRepeat || tries === MAX_TRIES) throw gaveUp(request, outcome, tries)
    const wait = Math.max(outcome.waitMs ?? 0, backOff(tries))
    if (wait > MAX_WAIT_MS) throw gaveUp(request, outcome, tries)
    try {
      await pause(wait, request.signal)
    } catch {
      // Nothing but the signal ends a pause early; the cause that counts is why there was one.
      throw gaveUp(request, outcome, tries)
    }
  }
}

type Outcome = { answer: RestAnswer } | Failure

interface Failure {
  mayRepeat: boolean
  /** Where the server says how long. */
  waitMs?: number | undefined
  reason: string
  cause?: unknown
}

/** With headers that are known to be such. */
type Request = Omit<RestRequest, 'headers'> & { headers: Headers }

async function attempt(request: Request): Promise<Outcome> {
  const idempotent = request.isIdempotent ?? ['GET', 'PUT', 'DELETE'].includes(request.method)
  try {
    const answer = await send(request)
    if (answer.status !== 429 && answer.status < 500) return { answer }
    const said = foreignWords(answer.body, request.secrets)
    const reason = `it answered ${answer.status}${said === '' ? '' : ` (${said})`}`
    return { mayRepeat: answer.status === 429 || idempotent, waitMs: askedWait(answer.headers, Date.now()), reason }
  } catch (cause) {
    const mayRepeat = !isHopeless(cause) && (idempotent || isConnectionRefused(cause))
    return { mayRepeat, reason: `there was no answer: ${reasonOf(cause)}`, cause }
  }
}

async function send({
  method,
  url,
  headers,
  body,
  signal,
  allowPrivateAddresses = true,
}: Request): Promise<RestAnswer> {
  const sent = new Headers(headers)
  const init = { method, headers: sent, signal }
  const reach = { ...init, allowPrivateAddresses }
  const response = await boundedFetch(url, body === undefined ? reach : { ...reach, body: encode(body, sent) })
  return { status: response.status, headers: response.headers, body: parseJson(await response.text()) }
}

/**
 * The headers of a request. What is wrong with one is said without its value, which the platform's own words would repeat.
 * @param url of the request, for the message
 * @throws ProviderError `unreachable` when one of them cannot be sent
 */
export function sendableHeaders(url: string, headers: Readonly<Record<string, string>>): Headers {
  const sent = new Headers({ accept: 'application/json' })
  for (const [name, value] of Object.entries(headers)) {
    try {
      sent.set(name, value)
    } catch {
      // Its message has the value in it, which is a credential more often than not.
      const text = `${withoutQuery(url)} was not asked: the value for the header ${name} has a line break or another character that no header takes. Was the credential pasted as it is?`
      throw new ProviderError('unreachable', text)
    }
  }
  return sent
}

function encode(body: unknown, headers: Headers): string {
  const isForm = body instanceof URLSearchParams
  headers.set('content-type', isForm ? 'application/x-www-form-urlencoded' : 'application/json')
  return isForm ? body.toString() : JSON.stringify(body)
}

/**
 * How long a server wants to be left alone.
 * @param now in milliseconds since 1970
 * @returns milliseconds, from Retry-After (RFC 9110 §10.2.3), else from X-Rate-Limit-Reset (seconds since 1970); undefined
 * where neither can be read
 * @see https://developer.okta.com/docs/reference/rl-best-practices/
 */
export function askedWait(headers: Headers, now: number): number | undefined {
  const after = headers.get('retry-after')?.trim()
  const reset = headers.get('x-rate-limit-reset')?.trim()
  if (after !== undefined && /^\d+$/.test(after)) return Number(after) * 1000
  const until = Date.parse(after ?? '') || (reset !== undefined && /^\d+$/.test(reset) ? Number(reset) * 1000 : NaN)
  return Number.isNaN(until) ? undefined : Math.max(0, until - now)
}

/** Between half of the exponential wait and all of it, so that many who failed together do not come back together. */
function backOff(tries: number): number {
  return FIRST_BACK_OFF_MS * 2 ** (tries - 1) * (0.5 + Math.random() / 2)
}

function gaveUp(
  { method, url, signal }: Pick<RestRequest, 'method' | 'url' | 'signal'>,
  { reason, cause, waitMs }: Failure,
  tries: number,
): ProviderError {
  const times = tries === 1 ? 'once' : `${tries} times`
  const wish = waitMs === undefined ? '' : `; it wants to be left alone for ${Math.ceil(waitMs / 1000)} s`
  const ended = signal.aborted ? `; then the time was up: ${reasonOf(signal.reason)}` : ''
  const text = `${method} ${withoutQuery(url)} was tried ${times}, but ${reason}${wish}${ended}. Is it up, and reached from here? Then run the same command again`
  return new ProviderError('unreachable', text, { cause })
}

/** The request was never sent. */
function isConnectionRefused(error: unknown): boolean {
  return ['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(codeOf(error))
}

/** A name that does not exist, a certificate that is not trusted: the next try would end in the same way. */
function isHopeless(error: unknown): boolean {
  return /^(ENOTFOUND|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_INVALID_)/.test(codeOf(error))
}

/** Of the error, or of what caused it, as fetch wraps it. */
function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause === undefined ? '' : codeOf(cause)
}

/**
 * The cause of a failed fetch in words.
 * @param cause what fetch threw
 */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? cause.cause : undefined
  const words = inner === undefined ? '' : inner.message || codeOf(inner)
  return words === '' ? cause.message : `${cause.message}, ${words}`
}

/** Names what of an answer is not as its schema has it, for an error: `name, urls.0`. */
export function misfits({ issues }: Pick<z.ZodError, 'issues'>): string {
  return [...new Set(issues.map((issue) => issue.path.join('.') || 'body'))].join(', ')
}

/** @returns undefined when the text is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal })
}
