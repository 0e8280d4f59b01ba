/** Why a mail was not sent: what an operator looks for. Names are permanent, they stand in logs. */
export type MailFailureCode =
  /** The recipient is no address that mail goes to. */
  | 'address_invalid'
  /** Too many mails are waiting. */
  | 'busy'
  /** The mailer was closed by a new release or the end of the program. */
  | 'closed'
  /** No connection, or one that broke. */
  | 'unreachable'
  /** TLS was not to be had, or the certificate is not the server's. */
  | 'tls_failed'
  /** The server does not take the user and the password, or asks for none. */
  | 'login_refused'
  /** The server does not take the sender or the recipient. */
  | 'address_refused'
  /** The server does not take the message. */
  | 'message_refused'
  /** It took too long. */
  | 'timed_out'
  /** The message could not be made: a mistake in the program. */
  | 'internal'

/** A failure without a word of the server's, which may repeat an address or a password. */
export interface MailFailure {
  code: MailFailureCode
  /** The server's answer (RFC 5321 §4.2). */
  responseCode?: number
}

const CODES: Readonly<Record<string, MailFailureCode>> = {
  EABORT: 'timed_out',
  ETIMEDOUT: 'timed_out',
  EDNS: 'unreachable',
  ECONNECTION: 'unreachable',
  EPROTOCOL: 'unreachable',
  ETLS: 'tls_failed',
  EAUTH: 'login_refused',
  ENOAUTH: 'login_refused',
  EENVELOPE: 'address_refused',
  EMESSAGE: 'message_refused',
}

/** @param error anything that sending threw */
export function describeFailure(error: unknown): MailFailure {
  const { code = '', responseCode, cause } = isFailure(error) ? error : {}
  const known = code === 'ESOCKET' ? describeSocket(cause, error) : (CODES[code] ?? 'internal')
  return { code: known, ...(typeof responseCode === 'number' ? { responseCode } : {}) }
}

/** A socket that TLS ends has an error of OpenSSL's or of Node's certificate check. */
function describeSocket(...errors: unknown[]): MailFailureCode {
  const isTls = errors.some(
    (error) => error instanceof Error && /certificate|SSL|TLS|ERR_TLS|altname/i.test(describe(error)),
  )
  return isTls ? 'tls_failed' : 'unreachable'
}

function describe(error: Error): string {
  return `${'code' in error ? String(error.code) : ''} ${error.message}`
}

function isFailure(error: unknown): error is { code?: string; responseCode?: unknown; cause?: unknown } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
}
