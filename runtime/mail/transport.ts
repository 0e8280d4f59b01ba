import { isIP } from 'node:net'

import type { SMTPPoolOptions } from 'nodemailer'

import type { MailConfig } from '../config.ts'
import { isLoopbackHost } from '../net/index.ts'

/** The secret with the mail server's password. */
export const MAIL_PASSWORD = 'mail-password'

/** Connections that stay open for the next mail, at most. */
const CONNECTIONS_AT_MOST = 3

/**
 * How the mail server is spoken to. Clear text is never a way out of TLS that failed: `secure` begins with it, and `requireTLS`
 * goes no step further without STARTTLS (RFC 3207 §4.1).
 * @param password asked for where there is a user
 * @throws Error for clear text to another machine, which would tell every link and the password to all between
 */
export function transportOptions(
  { host, port, security, user }: MailConfig,
  password: () => string,
): SMTPPoolOptions & { pool: true } {
  if (security === 'none' && !isLoopbackHost(host)) {
    throw new Error('mail.security is none, and mail.host is another machine: use tls or starttls')
  }
  const name = host.replace(/^\[|\]$/g, '')
  return {
    pool: true,
    // Systems do not always know the names below localhost.
    host: isIP(name) === 0 && isLoopbackHost(name) ? '127.0.0.1' : name,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(isIP(name) === 0 ? { servername: name } : {}) },
    // A server that does not ask for the password is not the one that was meant.
    ...(user === undefined ? {} : { auth: { user, pass: password() }, forceAuth: true }),
    maxConnections: CONNECTIONS_AT_MOST,
    maxRequeues: 1,
    idleTimeout: 30_000,
    dnsTimeout: 3_000,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 8_000,
    socketCloseTimeout: 1_000,
    maxResponseSize: 64 * 1024,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  }
}
