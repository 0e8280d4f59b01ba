/** Every way in which the gateway says no. Names are permanent: they stand in logs, JSON answers and docs/errors.md. */
export type RefusalCode =
  | 'request_malformed'
  | 'host_unknown'
  | 'not_found'
  | 'origin_mismatch'
  | 'sign_in_required'
  | 'access_denied'
  | 'sign_in_expired'
  | 'sign_in_loop'
  | 'cookies_blocked'
  | 'provider_unreachable'
  | 'provider_refused'
  | 'provider_answer_invalid'
  | 'client_refused'
  | 'clock_skew'
  | 'groups_incomplete'
  | 'step_up_failed'
  | 'not_provisioned'
  | 'email_refused'
  | 'email_unverified'
  | 'account_exists'
  | 'account_suspended'
  | 'identity_in_use'
  | 'other_person'
  | 'credentials_invalid'
  | 'link_invalid'
  | 'recent_sign_in_required'
  | 'busy'
  | 'hand_over_invalid'
  | 'kept_body_gone'
  | 'token_invalid'
  | 'logout_token_invalid'
  | 'rate_limited'
  | 'websocket_origin_refused'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_closed'
  | 'upstream_protocol'
  | 'upstream_busy'
  | 'body_too_large'
  | 'headers_too_large'
  | 'store_unavailable'
  | 'internal'

/** What a person may be told beside the code's own words: on the page alone, in no log and no JSON. */
export interface RefusalDetails {
  /** With `other_person`: the address that was asked for, and the one that signed in. */
  expected?: string | undefined
  signedIn?: string | undefined
  /** With `email_refused`: the domains that are accepted, where everybody may know them. */
  domains?: readonly string[] | undefined
}

/** What a refusal knows besides its code. */
export interface RefusalOptions extends ErrorOptions {
  /** Where the person can try again, where there is such an address: a path of this host, or an http(s) URL. */
  retry?: string
  /** With `rate_limited`: when to come back (Retry-After, RFC 9110 §10.2.3). */
  retryAfterSeconds?: number
  details?: RefusalDetails
}

/** A request that ends here. `message` and `cause` are for the log alone; people are shown the text of the code. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly retry: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly details: RefusalDetails

  constructor(code: RefusalCode, message: string, options?: RefusalOptions) {
    super(message, options)
    this.code = code
    this.retry = options?.retry
    this.retryAfterSeconds = options?.retryAfterSeconds
    this.details = options?.details ?? {}
  }
}
