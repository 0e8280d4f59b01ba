import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import { tokenEnd } from './characters.ts'
import { type ContentEvents, ContentReader } from './content.ts'
import { SERVER_LIMITS } from './limits.ts'
import { Http1Request, type RequestSource } from './request.ts'
import { RequestFields } from './request-fields.ts'
import { parseRequestHead, type RequestHead } from './request-head.ts'
import { Http1Response, type ResponseSink } from './response.ts'
import { SectionReader } from './section.ts'

/** Why what a client sent is no request. */
export type Malformed = 'malformed' | 'headers_too_large' | 'too_slow'

/** Whose connections they are. */
export interface ConnectionOwner {
  /** Takes no more requests. */
  readonly isDraining: boolean
  /** Milliseconds on a clock that goes forward; a coarse one will do. */
  readonly now: number
  /** Answers a request, to its end. */
  request(request: Http1Request, response: Http1Response): void
  /** Answers what is no request, in a message that ends its connection. */
  refuse(response: Http1Response, problem: Malformed): void
  closed(connection: Http1Connection): void
}

const CR = 0x0d
const LF = 0x0a

/** A connection without a request, as far as its answer is concerned. */
const NO_REQUEST: RequestHead = {
  method: 'GET',
  target: '',
  version: '1.1',
  fields: new RequestFields('', '1.1', [], { framing: 'none', length: 0, keepsConnection: false, expects: false }),
}

/**
 * One client's connection, for one request after the other: the next one is nobody's before the last one has its answer. It might
 * overtake what changes something, and one connection would take every place at an app (RFC 9112 §9.3.2).
 */
export class Http1Connection implements ContentEvents, RequestSource, ResponseSink {
  readonly socket: Socket
  /** When it is ended for being silent, or too slow; by the owner's clock. */
  dueAt: number
  readonly #owner: ConnectionOwner
  readonly #section = new SectionReader(SERVER_LIMITS.headBytes)
  /** Few connections ever have a body. */
  #content: ContentReader | undefined
  #request: Http1Request | undefined
  #response: Http1Response | undefined
  /** Of the last request. */
  #fields: RequestFields | undefined
  /** `lingering`: the last answer is out, and what comes is thrown away; `over`: it is somebody else's, or has ended. */
  #state: 'head' | 'exchange' | 'lingering' | 'over' = 'head'
  /** What nobody was ready for, in the pieces in which it came. */
  #held: Buffer[] = []
  #heldBytes = 0
  #isReading = false
  #isPaused = false
  /** The first byte of a head has come. */
  #hasBegun = false
  /** Somebody has asked for the body. */
  #isBodyAsked = false

  /** @param socket nothing read from it yet; it ends its side when the client has ended the other one */
  constructor(socket: Socket, owner: ConnectionOwner) {
    this.socket = socket
    this.#owner = owner
    this.dueAt = owner.now + SERVER_LIMITS.headMs
    socket.on('data', this.#onData).on('drain', this.#onDrain).on('end', this.#onEnd)
    socket.on('error', onError).on('close', this.#onClose)
  }

  /** Nothing is under way on it. */
  get isIdle(): boolean {
    return this.#state === 'head' && !this.#hasBegun
  }

  /** A body where there is no use for one may never come; nobody waits for it. */
  get isClosing(): boolean {
    const request = this.#request
    if (this.#owner.isDraining) return true
    return request?.complete === false && !this.#isBodyAsked && (request.method === 'GET' || request.method === 'HEAD')
  }

  /** It has been silent for a while: what is remembered of its last request would stay for as long as it does. */
  rest(): void {
    if (this.isIdle) this.#fields = undefined
  }

  /** Its time has come. */
  expire(): void {
    if (this.#state === 'head' && this.#hasBegun) this.#refuse('too_slow')
    else this.socket.destroy()
  }

  resumeBody(): void {
    this.#isBodyAsked = true
    this.#content?.resume()
    if (!this.#isReading) this.#readHeld()
  }

  pauseBody(): void {
    this.#content?.pause()
    this.#pause()
  }

  breakOff(request: Http1Request): void {
    if (request !== this.#request) return
    // Without chunks, an ordinary end would look like the end of the content (RFC 9112 §6.3); TLS says itself that it was cut.
    if (request.httpVersion === '1.0' && !(this.socket instanceof TLSSocket)) this.socket.resetAndDestroy()
    else this.socket.destroy()
  }

  data(chunk: Buffer): boolean {
    this.#request?.emit('data', chunk)
    return true
  }

  end(trailers: string[]): void {
    this.#content?.resume()
    this.#request?.finish(trailers)
    if (this.#response === undefined && this.#state === 'exchange') this.#next()
  }

  answered(keepsConnection: boolean): void {
    this.#response = undefined
    if (this.#state !== 'exchange' || this.socket.destroyed) return
    const isWhole = this.#request?.complete === true
    if (!keepsConnection) return this.#linger(isWhole)
    if (!isWhole) return this.#discardRest()
    this.#next()
    return this.#readHeld()
  }

  handOver(): { socket: Socket; head: Buffer } {
    this.#state = 'over'
    this.#release()
    return { socket: this.socket, head: this.#takeHeld() }
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#state === 'lingering') return
    if (this.#heldBytes === 0) return this.#read(bytes)
    this.#hold(bytes)
    if (this.#state === 'head') this.#readHeld()
  }

  #readHeld(): void {
    if (this.#heldBytes === 0) this.#flow()
    else this.#read(this.#takeHeld())
  }

  #takeHeld(): Buffer {
    const [first = Buffer.alloc(0)] = this.#held
    const held = this.#held.length > 1 ? Buffer.concat(this.#held) : first
    this.#dropHeld()
    return held
  }

  #dropHeld(): void {
    this.#held = []
    this.#heldBytes = 0
  }

  /** A body waits where it is; requests ahead of their answers end the connection. */
  #hold(bytes: Buffer): void {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
    if (this.#heldBytes <= SERVER_LIMITS.aheadBytes) return
    if (this.#content?.isIdle === false) this.#pause()
    else this.socket.destroy()
  }

  #read(bytes: Buffer): void {
    this.#isReading = true
    let offset = 0
    let before = -1
    while (offset < bytes.length && offset !== before) {
      before = offset
      if (this.#state === 'head') offset = this.#head(bytes, offset)
      else if (this.#state === 'exchange') offset = this.#body(bytes, offset)
      else if (this.#state === 'lingering') offset = bytes.length
    }
    this.#isReading = false
    if (offset < bytes.length) this.#hold(bytes.subarray(offset))
    // Somebody has asked for what came behind a head while they were given that.
    else if (this.#heldBytes > 0 && this.#content?.isIdle === false && !this.#content.isPaused) this.#readHeld()
    else this.#flow()
  }

  #pause(): void {
    this.#isPaused = true
    this.socket.pause()
  }

  /** Reads on, where nobody said to wait. */
  #flow(): void {
    if (!this.#isPaused || this.#content?.isPaused === true) return
    this.#isPaused = false
    this.socket.resume()
  }

  #head(bytes: Buffer, from: number): number {
    let offset = from
    // Some clients of old end a body with an empty line that does not count (RFC 9112 §2.2).
    while (!this.#hasBegun && bytes[offset] === CR && bytes[offset + 1] === LF) offset += 2
    const isCutThere = !this.#hasBegun && bytes[offset] === CR && offset + 1 === bytes.length
    if (offset === bytes.length || isCutThere) return offset
    const next = this.#section.take(bytes, offset)
    if (next === -1) {
      this.#begun()
      return bytes.length
    }
    this.#hasBegun = false
    const head = parseRequestHead(this.#section.text, this.#fields)
    if (head === undefined) {
      this.#refuse('malformed')
      return next
    }
    // Whoever takes the connection for another protocol at once must find it.
    if (next < bytes.length) this.#hold(bytes.subarray(next))
    this.#begin(head)
    return bytes.length
  }

  /** A part of a head has come. */
  #begun(): void {
    const { problem, isTooLarge, begun } = this.#section
    if (problem !== undefined) return this.#refuse(isTooLarge ? 'headers_too_large' : 'malformed')
    const methodEnd = tokenEnd(begun, 0)
    if (methodEnd < begun.length && (methodEnd === 0 || begun[methodEnd] !== ' ')) return this.#refuse('malformed')
    if (!this.#hasBegun) this.dueAt = this.#owner.now + SERVER_LIMITS.headMs
    this.#hasBegun = true
  }

  #begin(head: RequestHead): void {
    this.#state = 'exchange'
    this.dueAt = Infinity
    this.#fields = head.fields
    const request = new Http1Request(head, this)
    const response = new Http1Response(head, this)
    this.#request = request
    this.#response = response
    const { framing, length } = head.fields
    if (framing === 'length' || framing === 'chunked') {
      this.#content ??= new ContentReader(this, SERVER_LIMITS.headBytes)
      this.#content.begin(framing, length)
      // Nobody has asked for it yet.
      this.#content.pause()
    }
    this.#owner.request(request, response)
  }

  #body(bytes: Buffer, offset: number): number {
    const content = this.#content
    if (content === undefined || content.isIdle) return offset
    if (content.problem !== undefined) return bytes.length
    const next = content.feed(bytes, offset)
    if (content.problem === undefined) return next
    this.#malformedBody()
    return bytes.length
  }

  /** The client is told where nothing else was said to it. */
  #malformedBody(): void {
    const request = this.#request
    const response = this.#response
    if (response === undefined || response.headersSent) {
      this.socket.destroy()
      return
    }
    this.#refuse('malformed')
    request?.cut()
    response.abort()
  }

  #refuse(problem: Malformed): void {
    this.#state = 'exchange'
    this.#request = undefined
    this.dueAt = this.#owner.now + SERVER_LIMITS.lingerMs
    const response = new Http1Response(NO_REQUEST, this)
    this.#response = response
    this.#owner.refuse(response, problem)
  }

  #next(): void {
    if (this.#owner.isDraining) return this.#linger(true)
    this.#request = undefined
    this.#isBodyAsked = false
    this.#state = 'head'
    this.dueAt = this.#owner.now + SERVER_LIMITS.keepAliveMs
  }

  /** An answer that came before all of its request was read: the rest is, so that the client gets to see it. */
  #discardRest(): void {
    this.dueAt = this.#owner.now + SERVER_LIMITS.lingerMs
    this.resumeBody()
  }

  /** @param isWhole nothing of the request is missing: nobody is sending that would be cut off */
  #linger(isWhole: boolean): void {
    const hasMore = !isWhole || this.#heldBytes > 0
    this.#state = 'lingering'
    this.#dropHeld()
    this.#request?.cut()
    this.#request = undefined
    if (!hasMore) {
      this.socket.destroySoon()
      return
    }
    this.dueAt = this.#owner.now + SERVER_LIMITS.lingerMs
    this.socket.end()
    this.#isPaused = false
    this.socket.resume()
  }

  #release(): void {
    const { socket } = this
    socket.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd)
    socket.off('error', onError).off('close', this.#onClose)
    this.#owner.closed(this)
  }

  readonly #onDrain = (): void => this.#response?.drained()

  /** Nobody is left who would read an answer. */
  readonly #onEnd = (): void => {
    if (this.#state === 'exchange' && this.#response?.writable !== false) this.socket.destroy()
  }

  readonly #onClose = (): void => {
    this.#state = 'over'
    this.#dropHeld()
    this.#owner.closed(this)
    this.#request?.cut()
    this.#response?.abort()
  }
}

/** What follows is its close. */
function onError(): void {
  // The socket destroys itself.
}
