import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

import type { Http1Request, Http1Response } from '../http1/index.ts'

/** A request as a stream, for a library that knows Node's own. */
class RequestStream extends Readable {
  readonly #request: Http1Request
  #isRead = false

  constructor(request: Http1Request) {
    super()
    this.#request = request
  }

  override _read(): void {
    const request = this.#request
    if (request.complete) this.push(null)
    else if (this.#isRead) request.resume()
    else this.#begin(request)
  }

  #begin(request: Http1Request): void {
    this.#isRead = true
    request.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) request.pause()
    })
    request.once('end', () => this.push(null))
    request.once('close', () => {
      // As Node has it: an error that nobody waits for would end the process.
      const error = new Error('the client left before its request had ended')
      if (!request.complete) this.destroy(this.listenerCount('error') > 0 ? error : undefined)
    })
  }

  get method(): string {
    return this.#request.method
  }

  get url(): string {
    return this.#request.url
  }

  get headers() {
    return this.#request.headers
  }

  get rawHeaders(): string[] {
    return this.#request.rawHeaders
  }

  get complete(): boolean {
    return this.#request.complete
  }

  get socket() {
    return this.#request.socket
  }
}

/**
 * Presents a request and its response as Node's own, as far as `@hono/node-server` looks at them: method, address, fields and the
 * body as a stream; status, fields, content and the events of a response.
 */
export function asNodes(request: Http1Request, response: Http1Response): [IncomingMessage, ServerResponse] {
  const incoming: unknown = new RequestStream(request)
  const outgoing: unknown = response
  return [incoming as IncomingMessage, outgoing as ServerResponse]
}
