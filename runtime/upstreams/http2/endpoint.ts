import type { LookupFunction } from 'node:net'

import type { Endpoint, OutgoingHead, UpstreamFailure } from '../contract.ts'
import { createDialer } from './dial.ts'
import type { UpstreamTls } from '../tls-options.ts'
import { Http2Exchange } from './exchange.ts'
import { requestFields } from './request-fields.ts'
import { createSession, type UpstreamSession } from './session.ts'
import { DEFAULT_SILENCE, type SilenceLimits } from './silence.ts'

/** What an upstream is expected to take on one connection before it has said so (RFC 9113 §6.5.2 advises no less). */
const EXPECTED_STREAMS = 100

export interface Http2EndpointOptions {
  /** `https:` chooses HTTP/2 by ALPN, `http:` knows beforehand (RFC 9113 §3.2, §3.3). */
  origin: string
  /** For a connection, TLS and the upstream's settings included, in milliseconds. */
  connectMs: number
  /** How long an unused connection is kept, in milliseconds. */
  keepAliveMs: number
  /** For `https:` alone. */
  tls?: UpstreamTls
  lookup: LookupFunction
  silence?: SilenceLimits
}

/**
 * A server that is spoken to by HTTP/2, on as many connections as its limit of streams makes necessary.
 *
 * `upgrade` always fails with `upstream_protocol`: WebSockets over HTTP/2 (RFC 8441) are offered by next to no app server, so
 * an app with WebSockets is a route of protocol `http1`.
 * @throws TypeError when the origin is no URL, Error of OpenSSL when certificates or keys cannot be used
 */
export function createHttp2Endpoint(options: Http2EndpointOptions): Endpoint {
  const { connectMs, keepAliveMs, tls = {}, lookup, silence = DEFAULT_SILENCE } = options
  const url = new URL(options.origin)
  const scheme = url.protocol === 'https:' ? 'https' : 'http'
  const dialer = createDialer(url, tls, lookup)
  /** Those that take new exchanges. */
  const sessions = new Set<UpstreamSession>()
  let isClosed = false
  let expectedStreams = EXPECTED_STREAMS

  const place = (exchange: Http2Exchange): void => {
    for (const session of sessions) {
      if (session.hasRoom()) {
        session.take(exchange)
        return
      }
    }
    const session = createSession({
      dialer,
      origin: url.origin,
      connectMs,
      keepAliveMs,
      silence,
      expectedStreams,
      learned: (streams) => (expectedStreams = streams),
      sendElsewhere: place,
      retired: (which) => sessions.delete(which),
    })
    sessions.add(session)
    session.take(exchange)
    // What is still sent, by a request that began before a reload, has its connection to itself.
    if (isClosed) session.close()
  }

  return {
    origin: url.origin,
    host: url.host,
    send(head, handler) {
      const { fields, problem } = fieldsOf(head, scheme)
      const exchange = new Http2Exchange(head, fields, handler)
      if (problem) failSoon(exchange, { code: 'request_invalid', cause: problem, untouched: true })
      else place(exchange)
      return exchange
    },
    upgrade(head, handler) {
      const exchange = new Http2Exchange(head, [], handler)
      const cause = new Error('WebSockets need an upstream of protocol http1; this one is http2')
      failSoon(exchange, { code: 'upstream_protocol', cause, untouched: true })
      return exchange
    },
    close() {
      isClosed = true
      for (const session of sessions) session.close()
    },
  }
}

function fieldsOf(head: OutgoingHead, scheme: 'http' | 'https'): { fields: string[]; problem?: Error } {
  try {
    return { fields: requestFields(head, scheme) }
  } catch (error) {
    return { fields: [], problem: error instanceof Error ? error : new Error(String(error)) }
  }
}

/** Later, so that a handler is told nothing before its caller has the exchange. */
function failSoon(exchange: Http2Exchange, failure: UpstreamFailure): void {
  process.nextTick(() => exchange.fail(failure))
}
