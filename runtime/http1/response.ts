import type { Socket } from 'node:net'

import { Emitter } from './emitter.ts'
import type { RequestHead } from './request-head.ts'
import { writeInformation, writeLastChunk, writeResponseHead, type WrittenResponseHead } from './response-head.ts'
import { type Held, holdUntilTurnEnds } from './turn.ts'

/** The connection that an answer goes out by. */
export interface ResponseSink {
  readonly socket: Socket
  /** It will be closed after this answer, whatever that says. */
  readonly isClosing: boolean
  /** All of the answer has gone out; `keepsConnection` is what it has said. */
  answered(keepsConnection: boolean): void
  /** Gives the connection up to whoever speaks another protocol on it, with what the client sent ahead. */
  handOver(): { socket: Socket; head: Buffer }
}

/** Field values by name, or name, value, name, value. */
export type ResponseHeaders = Readonly<Record<string, string | number | readonly string[]>> | readonly string[]

const EMPTY = Buffer.alloc(0)

/**
 * An answer by HTTP/1.1.
 *
 * `drain` says that what was written has gone out, after `write` gave false; `finish` that all has; `close` that nothing more can be
 * written: all has gone out, or the connection has ended.
 */
export class Http1Response extends Emitter<'drain' | 'finish' | 'close' | 'error'> implements Held {
  statusCode = 200
  /** All has gone out. */
  writableFinished = false
  /** Its connection ended before it did. */
  destroyed = false
  readonly #sink: ResponseSink
  readonly #method: string
  readonly #version: string
  readonly #keepsConnection: boolean
  /** The client may not send its body, and the next request in its place. */
  #isBodyOpen: boolean
  #head: WrittenResponseHead | undefined
  #isHeadSent = false
  #isEnded = false
  #needsDrain = false
  /** What was written in this turn waits for its end. */
  #isHeld = false
  #sent = 0
  #trailers: readonly string[] = []

  constructor({ method, version, fields: { keepsConnection, expects } }: RequestHead, sink: ResponseSink) {
    super()
    this.#sink = sink
    this.#method = method
    this.#version = version
    this.#keepsConnection = keepsConnection
    this.#isBodyOpen = expects
  }

  /** Its head is composed, and goes out with the first content at the latest. */
  get headersSent(): boolean {
    return this.#head !== undefined || this.statusCode === 101
  }

  get closed(): boolean {
    return this.writableFinished || this.destroyed
  }

  /** More may be written. */
  get writable(): boolean {
    return !this.#isEnded && !this.destroyed
  }

  /** Bytes that wait for the client. */
  get writableLength(): number {
    return this.#sink.socket.writableLength
  }

  get writableNeedDrain(): boolean {
    return this.#needsDrain && !this.closed
  }

  writeContinue(): void {
    this.#isBodyOpen = false
    if (!this.destroyed) this.#sink.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
  }

  /**
   * @param headers name, value, name, value
   * @throws TypeError when it cannot be written as HTTP
   */
  writeInformation(status: number, headers: readonly string[]): void {
    if (!this.destroyed) this.#sink.socket.write(writeInformation(status, headers), 'latin1')
  }

  /**
   * Composes the head. `Connection: close` ends the connection after the answer; nothing else is said about it by the caller.
   * @throws TypeError when it cannot be written as HTTP; Error when there is one already
   */
  writeHead(status: number, headers: ResponseHeaders = [], statusText?: string): this {
    if (this.#head !== undefined) throw new Error('the answer has a head already')
    this.statusCode = status
    this.#head = writeResponseHead({
      status,
      statusText,
      headers: isList(headers) ? headers : listOf(headers),
      method: this.#method,
      version: this.#version,
      keepsConnection: this.#keepsConnection && !this.#isBodyOpen && !this.#sink.isClosing,
    })
    return this
  }

  /** @param trailers name, value, name, value; sent where the content is in chunks */
  addTrailers(trailers: readonly string[]): void {
    this.#trailers = trailers
  }

  /** Sends the head ahead of its content. */
  flushHeaders(): void {
    this.write(EMPTY)
  }

  /**
   * @param content bytes, or a text
   * @param encoding of a text
   * @returns false when nothing more should be written until `drain`
   */
  write(content: Uint8Array | string, encoding: 'utf8' | 'latin1' = 'utf8'): boolean {
    if (!this.writable) return true
    const bytes = typeof content === 'string' && encoding === 'utf8' ? Buffer.from(content) : content
    this.#send(bytes, '')
    this.#needsDrain = this.#sink.socket.writableNeedDrain
    return !this.#needsDrain
  }

  /**
   * Ends the answer, with its last content. One that is shorter than it said is cut, and so is its connection.
   * @param content as for `write`
   * @throws TypeError when the trailers cannot be written as HTTP
   */
  end(content: Uint8Array | string = EMPTY, encoding: 'utf8' | 'latin1' = 'utf8'): this {
    if (!this.writable) return this
    const bytes = typeof content === 'string' && encoding === 'utf8' ? Buffer.from(content) : content
    const { framing } = this.#composed()
    this.#send(bytes, framing === 'chunked' ? writeLastChunk(this.#trailers) : '')
    if (this.destroyed) return this
    const { length } = this.#composed()
    if (framing === 'length' && this.#sent < length) {
      this.destroy()
      return this
    }
    this.#isEnded = true
    if (!this.#isHeld) process.nextTick(settle, this)
    return this
  }

  /** What is written goes out by it. */
  get socket(): Socket {
    return this.#sink.socket
  }

  released(): void {
    this.#isHeld = false
    if (this.#isEnded) this.settle()
  }

  /** Says that all has gone out, when it has. */
  settle(): void {
    const { socket } = this.#sink
    // What was held, or waited, is lost with its connection, whose close is about to follow.
    if (socket.destroyed) return
    if (socket.writableLength === 0) this.finish()
    else socket.write('', (error) => (error ? undefined : this.finish()))
  }

  /** Ends its connection at once, unless all has gone out: that may be another answer's then. */
  destroy(): void {
    if (this.closed) return
    this.#sink.socket.destroy()
    this.abort()
  }

  /** Takes the connection for another protocol, which says 101 itself (RFC 9110 §15.2.2): with that this answer has ended. */
  detachSocket(): { socket: Socket; head: Buffer } {
    this.#isEnded = true
    this.statusCode = 101
    this.writableFinished = true
    process.nextTick(() => this.emit('close'))
    return this.#sink.handOver()
  }

  /** For its connection: what was written has gone out. */
  drained(): void {
    if (!this.#needsDrain) return
    this.#needsDrain = false
    this.emit('drain')
  }

  /** For its connection: that has ended. */
  abort(): void {
    if (this.closed) return
    this.destroyed = true
    this.emit('close')
  }

  /** All has gone out. */
  finish(): void {
    if (this.closed) return
    this.writableFinished = true
    this.emit('finish')
    this.emit('close')
    this.#sink.answered(this.#composed().keepsConnection)
  }

  #hold(): void {
    if (this.#isHeld) return
    this.#isHeld = true
    holdUntilTurnEnds(this)
  }

  #composed(): WrittenResponseHead {
    if (this.#head === undefined) this.writeHead(this.statusCode)
    return this.#head as WrittenResponseHead
  }

  /** @param last what ends a content in chunks */
  #send(content: Uint8Array | string, last: string): void {
    const { text, framing, length } = this.#composed()
    const head = this.#isHeadSent ? '' : text
    this.#isHeadSent = true
    const bytes = framing === 'none' ? 0 : content.length
    this.#sent += bytes
    // More than was announced would be taken for the next answer.
    if (framing === 'length' && this.#sent > length) return this.destroy()
    const before = framing === 'chunked' && bytes > 0 ? `${head}${bytes.toString(16)}\r\n` : head
    const after = framing === 'chunked' && bytes > 0 ? `\r\n${last}` : last
    const { socket } = this.#sink
    if (bytes === 0 || typeof content === 'string') {
      const whole = bytes === 0 ? before + after : `${before}${content as string}${after}`
      if (whole !== '') {
        this.#hold()
        socket.write(whole, 'latin1')
      }
      return undefined
    }
    socket.cork()
    if (before !== '') socket.write(before, 'latin1')
    socket.write(content)
    if (after !== '') socket.write(after, 'latin1')
    socket.uncork()
    return undefined
  }
}

/** Later: whoever has called `end` goes on as one who has. */
function settle(response: Http1Response): void {
  response.settle()
}

function isList(headers: ResponseHeaders): headers is readonly string[] {
  return Array.isArray(headers)
}

function listOf(headers: Exclude<ResponseHeaders, readonly string[]>): string[] {
  const list: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'object') for (const one of value) list.push(name, one)
    else list.push(name, String(value))
  }
  return list
}
