import { errorPage, pageHeaders } from '../pages/index.ts'
import type { Refusal, RefusalCode } from '../refusal.ts'
import { answerTo } from './answers.ts'

/** What the answer to a refused request depends on. */
export interface RefusalView {
  requestId: string
  /** A page, or else JSON. */
  page: boolean
  brandName: string | undefined
  /** Path and query of what was asked for, where asking again is harmless. */
  address: string | undefined
}

/** RFC 9110 §15.5.2 wants one with 401: of a token by RFC 6750 §3, and for all else of a session that a browser has to fetch. */
const CHALLENGES: Partial<Record<RefusalCode, string>> = {
  token_invalid: 'Bearer error="invalid_token"',
  sign_in_required: 'Gatewright',
}

/** Says no: the code's own words and the request's id, nothing of the cause. */
export function refusalResponse(refusal: Refusal, { requestId, page, brandName, address }: RefusalView): Response {
  const { code, retryAfterSeconds } = refusal
  const { status, title, message, causes } = answerTo(code)
  const retry = refusal.retry ?? (passes(status) ? address : undefined)
  const challenge = CHALLENGES[code]
  const headers = {
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  }
  if (!page) {
    const body = { error: code, message: [`${title}.`, message, ...causes].join(' '), requestId }
    const plain = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
    return Response.json(body, { status, headers: { ...plain, ...headers } })
  }
  const action = retry === undefined ? {} : { action: { href: retry, label: RETRY_LABELS[code] ?? 'Try again' } }
  const html = errorPage({ ...(brandName ? { brandName } : {}), title, message, causes, requestId, ...action })
  return new Response(html, { status, headers: { ...pageHeaders({}), ...headers } })
}

/** What is wrong now may be right in a minute (RFC 9110 §15.6, RFC 6585 §4): the same address is the way on. */
function passes(status: number): boolean {
  return status === 429 || status >= 500
}

/** Where the way on is no second try. */
const RETRY_LABELS: Partial<Record<RefusalCode, string>> = {
  sign_in_required: 'Sign in',
  kept_body_gone: 'Open the page',
  hand_over_invalid: 'Open the app',
}
