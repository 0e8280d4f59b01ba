import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'

import { Emitter } from './emitter.ts'
import type { RequestFields } from './request-fields.ts'
import type { RequestHead } from './request-head.ts'

/** The connection that a request comes by. */
export interface RequestSource {
  readonly socket: Socket
  /** The body may go on. */
  resumeBody(): void
  pauseBody(): void
  /** Ends what the client cannot be given in full, so that the cut shows. */
  breakOff(request: Http1Request): void
}

/**
 * A request by HTTP/1.1. Of its body nothing comes before somebody listens for it, or calls `resume`.
 *
 * `data` is a part of the body, and the listener's to keep; `end` its end, with its trailers; `close` says that nothing more comes:
 * the body has ended, or its connection has.
 */
export class Http1Request extends Emitter<'data' | 'end' | 'close' | 'error'> {
  readonly method: string
  /** The target; who has brought it into another spelling writes that here. */
  url: string
  readonly httpVersion: string
  readonly fields: RequestFields
  /** As `rawHeaders`, behind a body in chunks. */
  rawTrailers: string[] = []
  /** The body has come to its end. */
  complete: boolean
  /** Its connection has ended before the body. */
  destroyed = false
  readonly #source: RequestSource

  constructor(head: RequestHead, source: RequestSource) {
    super()
    this.method = head.method
    this.url = head.target
    this.httpVersion = head.version
    this.fields = head.fields
    this.complete = head.fields.framing === 'none'
    this.#source = source
  }

  get socket(): Socket {
    return this.#source.socket
  }

  /** Values by name in lower case; those of one name as Node joins them. */
  get headers(): IncomingHttpHeaders {
    return this.fields.headers
  }

  /** Name, value, name, value, as they came. */
  get rawHeaders(): string[] {
    return this.fields.raw
  }

  /** Whoever listens for the body is given it. */
  override on(event: 'data' | 'end' | 'close' | 'error', listener: (...values: never[]) => void): this {
    super.on(event, listener)
    // Not at once: whoever listens for it listens for its end in the next line.
    if (event === 'data') process.nextTick(resume, this)
    return this
  }

  resume(): this {
    if (!this.complete) this.#source.resumeBody()
    return this
  }

  pause(): this {
    if (!this.complete) this.#source.pauseBody()
    return this
  }

  /** Ends it and its connection at once, so that the client sees a cut. */
  breakOff(): void {
    this.#source.breakOff(this)
  }

  /** For its connection: the body has ended. */
  finish(trailers: string[]): void {
    this.rawTrailers = trailers
    this.complete = true
    this.emit('end')
    this.emit('close')
  }

  /** For its connection: there is no more of it. */
  cut(): void {
    if (this.complete || this.destroyed) return
    this.destroyed = true
    this.emit('close')
  }
}

function resume(request: Http1Request): void {
  request.resume()
}
