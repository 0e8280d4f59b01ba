import type { LookupFunction } from 'node:net'

import type { AnswerHandler, Endpoint, OutgoingExchange, OutgoingHead } from '../contract.ts'
import { Connection, type ConnectionOwner, type Upgraded } from './connection.ts'
import type { UpstreamTls } from '../tls-options.ts'
import { createDialer, type Dialer } from './dial.ts'
import { FailedExchange, Http1Exchange } from './exchange.ts'
import { IdleConnections } from './idle.ts'
import { writeHead } from './request-head.ts'

/** Times are in milliseconds. */
export interface Http1EndpointOptions {
  /** http or https. */
  origin: string
  /** For a connection, TLS included. */
  connectMs: number
  /** How long an unused connection is kept, at most: an upstream's `Keep-Alive: timeout` makes it shorter. */
  keepAliveMs: number
  /** For https only. */
  tls?: UpstreamTls | undefined
  lookup: LookupFunction
}

/**
 * Makes the client side of one HTTP/1.1 server: a connection carries one exchange at a time, and the one that was used last
 * is used first. How many there are is up to who gives places (`UpstreamGroup`).
 * @throws TypeError when the origin is no URL
 * @see RFC 9112
 */
export function createHttp1Endpoint(options: Http1EndpointOptions): Endpoint {
  return new Http1Endpoint(options)
}

class Http1Endpoint implements Endpoint, ConnectionOwner {
  readonly origin: string
  readonly host: string
  readonly #connectMs: number
  readonly #dialer: Dialer
  readonly #idle: IdleConnections
  #isClosed = false

  constructor(options: Http1EndpointOptions) {
    const url = new URL(options.origin)
    this.origin = url.origin
    this.host = url.host
    this.#connectMs = options.connectMs
    this.#dialer = createDialer(options)
    this.#idle = new IdleConnections(options.keepAliveMs)
  }

  send(head: OutgoingHead, handler: AnswerHandler): OutgoingExchange {
    return this.#start(head, handler, undefined)
  }

  upgrade(head: OutgoingHead, handler: AnswerHandler, upgraded: Upgraded): OutgoingExchange {
    return this.#start(head, handler, upgraded)
  }

  close(): void {
    this.#isClosed = true
    this.#idle.clear()
  }

  free(connection: Connection): void {
    if (this.#isClosed) connection.socket.destroy()
    else this.#idle.put(connection)
  }

  closed(connection: Connection): void {
    this.#idle.remove(connection)
  }

  /** The others have been idle for longer, and the next try must not meet one of them. */
  stale(): void {
    this.#idle.clear()
  }

  #start(head: OutgoingHead, handler: AnswerHandler, upgraded: Upgraded | undefined): OutgoingExchange {
    const written = writeHead(head)
    if (typeof written === 'string') {
      return new FailedExchange(handler, { code: 'request_invalid', cause: new Error(written), untouched: true })
    }
    const kept = upgraded === undefined ? this.#idle.take() : undefined
    const connection = kept ?? this.#connect(upgraded === undefined)
    const exchange = new Http1Exchange(connection, written, handler, upgraded)
    connection.begin(head.method, exchange)
    if (kept !== undefined) handler.connected()
    return exchange
  }

  #connect(isShared: boolean): Connection {
    const socket = this.#dialer.dial((bytes, isOwned) => connection.feed(bytes, isOwned), isShared)
    const connection = new Connection(socket, this)
    const deadline = setTimeout(() => {
      const cause = new Error(`no connection in ${this.#connectMs} ms`)
      connection.fail({ code: 'upstream_timeout', cause, untouched: true })
    }, this.#connectMs)
    socket.once('close', () => clearTimeout(deadline))
    socket.once(this.#dialer.connectedEvent, () => {
      clearTimeout(deadline)
      connection.connected()
    })
    return connection
  }
}
