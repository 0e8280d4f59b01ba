import { StoreError, storeFailed } from '../store-error.ts'

/** Primary result codes, the lowest byte of every code (sqlite.org/rescode.html). */
const SQLITE_READONLY = 8
const SQLITE_FULL = 13

/**
 * Does what SQLite may refuse. A value of a wrong type is its caller's mistake, and stays one.
 * @param file of the database, which the message names: it goes to the log and never to a client
 * @throws StoreError for what SQLite throws, and for a closed database
 */
export function asStoreErrors<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isFromSqlite(error) ? toStoreError(file, error) : error
  }
}

function isFromSqlite(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_SQLITE_ERROR' || code === 'ERR_INVALID_STATE'
}

function toStoreError(file: string, cause: Error): StoreError {
  const errcode = 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode : 0
  switch (errcode & 0xff) {
    case SQLITE_FULL:
      return new StoreError('store_full', `there is no room left for ${file}: make room on its disk`, { cause })
    case SQLITE_READONLY:
      return new StoreError(
        'store_read_only',
        `${file} can only be read: look at its owner and mode, and whether its file system was mounted read-only`,
        { cause },
      )
    default:
      // "disk I/O error" alone does not say which of thirty it was.
      return errcode === 0
        ? storeFailed(cause)
        : new StoreError('store_failed', `the store failed: ${cause.message} (SQLite ${errcode}, ${file})`, { cause })
  }
}
