import { errorPage, pageHeaders } from '../pages/index.ts'
import type { Refusal } from '../refusal.ts'
import { answerTo } from './answers.ts'

/** What the answer to a refused request depends on. */
export interface RefusalView {
  requestId: string
  /** A page, or else JSON. */
  page: boolean
  brandName: string | undefined
}

/** Says no: the code's own words and the request's id, nothing of the cause. */
export function refusalResponse(refusal: Refusal, { requestId, page, brandName }: RefusalView): Response {
  const { status, title, message } = answerTo(refusal.code)
  if (!page) {
    const body = { error: refusal.code, message: `${title}. ${message}`, requestId }
    const headers = {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    }
    // RFC 9110 §15.5.2 wants a challenge; ours is a session that a browser has to fetch.
    const challenge = status === 401 ? { 'www-authenticate': 'Gatewright' } : {}
    return Response.json(body, { status, headers: { ...headers, ...challenge } })
  }
  const action = refusal.retry === undefined ? {} : { action: { href: refusal.retry, label: 'Try again' } }
  const html = errorPage({ ...(brandName ? { brandName } : {}), title, message, requestId, ...action })
  return new Response(html, { status, headers: pageHeaders({}) })
}
