import { createHash } from 'node:crypto'

import type { Look } from './look.ts'
import { stylesheetOf } from './styles/index.ts'

/**
 * Where forms of a page may lead, as CSP sources. Chromium holds every redirect that follows a submitted form
 * against them (CSP Level 3 §6.4.1), so a chain over several hosts needs them all. `anywhere` leaves them open, for a form
 * to an app that may answer by a redirect to whatever it likes: no other form can get into the page, since it has no script
 * and everything in it is escaped.
 */
export type FormAction = readonly string[] | 'anywhere'

export interface PageHeadersOptions {
  /** @default none: the page has no form */
  formAction?: FormAction
  /** The page's one script. @default none */
  script?: string | undefined
}

/**
 * Headers for own pages: no cache, no script but the page's own, no frame, no foreign resource, only our stylesheet, the
 * icon and this host's logos. A script cannot fetch anything: it sends what it has by a form of the page.
 *
 * A page with a form says `same-origin` as its referrer policy, because under `no-referrer` browsers send `Origin: null`
 * with the form, and the exact check of Origin behind it would refuse our own page (Fetch §3.2, "append a request Origin").
 * @param look decides the colours, and so the digest of the stylesheet
 * @returns names in lower case, for `Headers`, `writeHead` or `ctx.set` alike
 */
export function pageHeaders(
  { colors }: Pick<Look, 'colors'>,
  { formAction = [], script }: PageHeadersOptions = {},
): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${stylesheetOf(colors).source}`,
      "img-src 'self' data:",
      ...(script === undefined ? [] : [`script-src ${digestSource(script)}`]),
      ...(formAction === 'anywhere'
        ? []
        : [`form-action ${formAction.length === 0 ? "'none'" : formAction.join(' ')}`]),
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': formAction.length === 0 ? 'no-referrer' : 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}

/** CSP Level 3 §2.3.1, hash-source. */
function digestSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
