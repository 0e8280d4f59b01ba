import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import { tlsConnectOptions } from '../tls-connect.ts'
import type { UpstreamTls } from '../tls-options.ts'

/** How long a silent connection is left alone before the system asks whether the other side is still there, in milliseconds. */
const TCP_KEEP_ALIVE_MS = 60_000

/** Opens connections to one server. */
export interface Dialer {
  /** The event that tells that bytes may go out, handshake included; `error` and `close` come as always. */
  readonly ready: 'connect' | 'secureConnect'
  dial(): Socket
}

/**
 * Prepares connections to one server, by TLS where its origin says https; TLS sessions are resumed (RFC 8446 §2.2).
 * @throws Error of OpenSSL when certificates or keys cannot be used
 */
export function createDialer(origin: URL, tls: UpstreamTls, lookup: LookupFunction): Dialer {
  const host = origin.hostname.replace(/^\[|\]$/g, '')
  const isTls = origin.protocol === 'https:'
  const address = {
    host,
    port: Number(origin.port) || (isTls ? 443 : 80),
    lookup,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
  }
  if (!isTls) return { ready: 'connect', dial: () => connectTcp(address) }
  const options = { ...address, ...tlsConnectOptions(host, tls, ['h2']) }
  let session: Buffer | undefined
  return {
    ready: 'secureConnect',
    dial: () =>
      connectTls(session === undefined ? options : { ...options, session }).on(
        'session',
        (latest) => (session = latest),
      ),
  }
}
