import type { RefusalCode } from '../refusal.ts'

/** The one table from code to status; the words of each code are the pages' (`runtime/pages/refusals`). */
const STATUSES: Readonly<Record<RefusalCode, number>> = {
  request_malformed: 400,
  host_unknown: 421,
  not_found: 404,
  origin_mismatch: 403,
  sign_in_required: 401,
  access_denied: 403,
  sign_in_expired: 400,
  sign_in_loop: 400,
  cookies_blocked: 400,
  provider_unreachable: 502,
  provider_refused: 403,
  provider_answer_invalid: 502,
  client_refused: 502,
  clock_skew: 502,
  groups_incomplete: 502,
  step_up_failed: 403,
  not_provisioned: 403,
  email_refused: 403,
  email_unverified: 403,
  account_exists: 403,
  account_suspended: 403,
  identity_in_use: 409,
  other_person: 403,
  // 401 would want a challenge by which a program could try again (RFC 9110 §15.5.2); there is none for a password of a page.
  credentials_invalid: 403,
  link_invalid: 410,
  recent_sign_in_required: 403,
  busy: 503,
  hand_over_invalid: 400,
  kept_body_gone: 410,
  token_invalid: 401,
  logout_token_invalid: 400,
  rate_limited: 429,
  websocket_origin_refused: 403,
  upstream_unreachable: 502,
  upstream_timeout: 504,
  upstream_closed: 502,
  upstream_protocol: 502,
  upstream_busy: 503,
  body_too_large: 413,
  headers_too_large: 431,
  store_unavailable: 503,
  internal: 500,
}

/** @returns the status that a refusal is answered with (RFC 9110 §15) */
export function statusOf(code: RefusalCode): number {
  return STATUSES[code]
}
