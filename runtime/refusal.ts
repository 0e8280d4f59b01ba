/** Every way in which the gateway says no. Names are permanent: they stand in logs, JSON answers and docs/errors.md. */
export type RefusalCode =
  | 'request_malformed'
  | 'host_unknown'
  | 'not_found'
  | 'origin_mismatch'
  | 'sign_in_required'
  | 'access_denied'
  | 'sign_in_expired'
  | 'provider_unreachable'
  | 'provider_refused'
  | 'provider_answer_invalid'
  | 'hand_over_invalid'
  | 'websocket_origin_refused'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_closed'
  | 'upstream_protocol'
  | 'upstream_busy'
  | 'store_unavailable'
  | 'internal'

/** A request that ends here. `message` and `cause` are for the log alone; people are shown the text of the code. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  /** Where the person can try again, where there is such an address. */
  readonly retry: string | undefined

  constructor(code: RefusalCode, message: string, options?: ErrorOptions & { retry?: string }) {
    super(message, options)
    this.code = code
    this.retry = options?.retry
  }
}
