import { createHash } from 'node:crypto'

import { stylesheet } from './stylesheet.ts'

export interface PageHeadersOptions {
  /**
   * Where forms of the page may lead, as CSP sources. Chromium holds every redirect that follows a submitted form
   * against them (CSP Level 3 §6.4.1), so a chain over several hosts needs them all. `anywhere` leaves them open, for a form
   * to an app that may answer by a redirect to whatever it likes: no other form can get into the page, since it has no script
   * and everything in it is escaped. @default none: the page has no form
   */
  formAction?: readonly string[] | 'anywhere'
}

const styleSource = `'sha256-${createHash('sha256').update(stylesheet).digest('base64')}'`

/**
 * Headers for own pages: no cache, no script, no frame, no foreign resource, only our stylesheet and icon.
 *
 * A page with a form says `same-origin` as its referrer policy, because under `no-referrer` browsers send `Origin: null`
 * with the form, and the exact check of Origin behind it would refuse our own page (Fetch §3.2, "append a request Origin").
 * @returns names in lower case, for `Headers`, `writeHead` or `ctx.set` alike
 */
export function pageHeaders({ formAction = [] }: PageHeadersOptions = {}): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${styleSource}`,
      'img-src data:',
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
