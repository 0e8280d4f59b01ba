import type { Socket } from 'node:net'

import { type ConnectionOwner, Http1Connection, type Malformed } from './connection.ts'
import { SERVER_LIMITS } from './limits.ts'
import type { Http1Request } from './request.ts'
import type { Http1Response } from './response.ts'

/** How often it is looked for connections whose time has come, in milliseconds. */
const SWEEP_MS = 2_000

/** A connection rests when it will be closed in less than that, if nothing comes. */
const RESTS_MS = SERVER_LIMITS.keepAliveMs - 2 * SWEEP_MS

export interface Http1Handlers {
  /** Answers a request, to its end. */
  request: (request: Http1Request, response: Http1Response) => void
  /** Answers what is no request, in a message that ends its connection. */
  refuse: (response: Http1Response, problem: Malformed) => void
}

/** Speaks HTTP/1.1 on connections that are handed to it. */
export class Http1Server implements ConnectionOwner {
  readonly request: Http1Handlers['request']
  readonly refuse: Http1Handlers['refuse']
  isDraining = false
  /** Of the last look: limits of many seconds need no finer clock, and requests should not read one. */
  now = performance.now()
  readonly #connections = new Set<Http1Connection>()
  readonly #sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref()

  constructor({ request, refuse }: Http1Handlers) {
    this.request = request
    this.refuse = refuse
  }

  /** @param socket nothing read from it yet, `allowHalfOpen` false */
  speak(socket: Socket): void {
    if (this.isDraining) socket.destroy()
    else this.#connections.add(new Http1Connection(socket, this))
  }

  closed(connection: Http1Connection): void {
    this.#connections.delete(connection)
    if (this.isDraining && this.#connections.size === 0) clearInterval(this.#sweeper)
  }

  /** Closes connections on which nothing is under way, and each other one after its answer. */
  drain(): void {
    this.isDraining = true
    if (this.#connections.size === 0) clearInterval(this.#sweeper)
    for (const connection of this.#connections) if (connection.isIdle) connection.socket.destroy()
  }

  #sweep(): void {
    this.now = performance.now()
    for (const connection of this.#connections) {
      if (connection.dueAt <= this.now) connection.expire()
      else if (connection.dueAt - this.now <= RESTS_MS) connection.rest()
    }
  }
}
