import type { BrandConfig } from '../config.ts'
import type { Language } from '../languages/index.ts'
import { errorPage, lookOf, type LookRequest, page, refusalWords, type RefusalWords } from '../pages/index.ts'
import type { Refusal, RefusalCode, RefusalDetails } from '../refusal.ts'
import { statusOf } from './answers.ts'

/** What the answer to a refused request depends on: a page for a person, or JSON. */
export type RefusalView = { requestId: string } & (
  | { page: false }
  | {
      page: boolean
      /** Whose the host is; undefined where none was found. */
      brand: BrandConfig | undefined
      request: LookRequest
      /** Path and query of what was asked for, where asking again is harmless. */
      address: string | undefined
    }
)

/** RFC 9110 §15.5.2 wants one with 401: of a token by RFC 6750 §3, and for all else of a session that a browser has to fetch. */
const CHALLENGES: Partial<Record<RefusalCode, string>> = {
  token_invalid: 'Bearer error="invalid_token"',
  sign_in_required: 'Gatewright',
}

/** What programs read is English, whoever runs them. */
const PROGRAM_LANGUAGE: Language = 'en'

/** Says no: the code's own words and the request's id, nothing of the cause. */
export function refusalResponse(refusal: Refusal, view: RefusalView): Response {
  const { code, retryAfterSeconds } = refusal
  const { requestId } = view
  const status = statusOf(code)
  const challenge = CHALLENGES[code]
  const headers = {
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  }
  if (!view.page) {
    const { title, message, causes = [] } = refusalWords(PROGRAM_LANGUAGE).texts[code]
    const body = { error: code, message: [`${title}.`, message, ...causes].join(' '), requestId }
    const plain = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
    return Response.json(body, { status, headers: { ...plain, ...headers } })
  }
  const retry = refusal.retry ?? (passes(status) ? view.address : undefined)
  // Asked for again in another language it would be another answer, and the address may be an app's.
  const look = { ...lookOf(view.brand, view.request).look, here: undefined }
  const words = refusalWords(look.language)
  const content = errorPage(look, {
    ...words.texts[code],
    details: told(refusal.details, words),
    requestId,
    ...(retry === undefined ? {} : { action: { href: retry, label: words[WAYS_ON[code] ?? 'retry'] } }),
  })
  return page(look, content, { status, headers })
}

/** What is wrong now may be right in a minute (RFC 9110 §15.6, RFC 6585 §4): the same address is the way on. */
function passes(status: number): boolean {
  return status === 429 || status >= 500
}

/** Where the way on is no second try. */
const WAYS_ON: Partial<Record<RefusalCode, 'signIn' | 'openPage' | 'openApp'>> = {
  sign_in_required: 'signIn',
  kept_body_gone: 'openPage',
  hand_over_invalid: 'openApp',
  account_exists: 'signIn',
  recent_sign_in_required: 'signIn',
  other_person: 'signIn',
}

function told({ expected, signedIn, domains = [] }: RefusalDetails, words: RefusalWords): [string, string][] {
  const rows: [string, string | undefined][] = [
    [words.expected, expected],
    [words.signedIn, signedIn],
    [words.domains, domains.length === 0 ? undefined : domains.join(', ')],
  ]
  return rows.flatMap(([term, value]) => (value === undefined ? [] : [[term, value] as [string, string]]))
}
