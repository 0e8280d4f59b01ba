/**
 * `store_failed`: it did not do what it was asked. `store_full`: there is no room for what was to be written.
 * `store_read_only`: it can be read and not be written. `store_damaged`: a file is no store, or not whole. `store_too_new`: only a newer version of Gatewright can work with it.
 */
export type StoreErrorCode = 'store_failed' | 'store_full' | 'store_read_only' | 'store_damaged' | 'store_too_new'

/** The one error of every store; `cause` is the driver's own, where there is one. */
export class StoreError extends Error {
  override name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Whether an error came from the store, and not from a mistake of its caller: the caller answers 503. */
export function isStoreError(error: unknown): error is StoreError {
  return error instanceof StoreError
}

/** What a driver threw, as the store's error; what is one already stays as it is. */
export function storeFailed(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : codeOf(cause)
  return new StoreError('store_failed', `the store failed: ${reason}`, { cause })
}

/** Node's error for a name with several addresses has no message of its own. */
function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason given'
}
