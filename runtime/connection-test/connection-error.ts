/** Why a provider could not be tested further; a code is permanent. */
export type ConnectionErrorCode =
  /** The issuer's discovery document cannot be had or used. */
  | 'discovery_failed'
  /** The discovery document speaks for another issuer (OpenID Connect Discovery 1.0 §4.3). */
  | 'issuer_mismatch'
  /** No answer, or one that is not from such a server. */
  | 'unreachable'

/** What was found instead of a discovery document; the message says what happened, where, and what to do. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code: ConnectionErrorCode

  constructor(code: ConnectionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * The cause of a failed call in words: fetch alone says no more than that it failed.
 * @param cause what was thrown
 */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? cause.cause : undefined
  const code = inner !== undefined && 'code' in inner ? String(inner.code) : ''
  const words = inner === undefined ? '' : inner.message || code
  return words === '' ? cause.message : `${cause.message}, ${words}`
}
