import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2'

import type { AnswerHandler, OutgoingExchange, OutgoingHead, UpstreamFailure } from '../contract.ts'
import { announcedLength, AnswerError, answerFields, answerHead } from './answer-head.ts'
import { streamFailure } from './failure.ts'
import { requestTrailers } from './request-fields.ts'

/** The connection that an exchange is on. */
export interface ExchangeConnection {
  /** The last stream that the upstream will work on, as its GOAWAY said. */
  readonly lastStreamId: number
  /** Something came from the upstream. */
  heard(): void
  /** The exchange is over: its stream needs no place any more. */
  left(exchange: Http2Exchange): void
}

/** One request and its answer: first waiting for a connection, then a stream on it, then over. */
export class Http2Exchange implements OutgoingExchange {
  readonly #method: string
  readonly #fields: readonly string[]
  readonly #hasBody: boolean
  readonly #handler: AnswerHandler
  #connection: ExchangeConnection | undefined
  #stream: ClientHttp2Stream | undefined
  /** Written before the connection stood. */
  #early: Buffer[] = []
  #isEnded = false
  #isPaused = false
  #isOver = false
  #hasHead = false
  /** The upstream has ended the answer; otherwise its connection has. */
  #isWhole = false
  /** Bytes of content that were announced and have not come; NaN where none were announced. */
  #missing = NaN
  #answerTrailers: string[] = []
  #trailers: Record<string, string[]> = {}
  #error: Error | undefined
  /** Chunks of a whole answer that its reader had not taken when the connection ended. */
  #rest: Buffer[] | undefined

  /** @param fields the head's, from `requestFields` */
  constructor({ method, hasBody }: OutgoingHead, fields: readonly string[], handler: AnswerHandler) {
    this.#method = method
    this.#fields = fields
    this.#hasBody = hasBody
    this.#handler = handler
  }

  /** Makes it wait for a connection. */
  waitFor(connection: ExchangeConnection): void {
    this.#connection = connection
  }

  /** Sends the request on the connection that it has waited for. */
  start(session: ClientHttp2Session): void {
    if (this.#isOver) return
    const { stream, problem } = request(session, this.#fields, this.#hasBody)
    if (!stream) {
      this.fail({ code: 'request_invalid', cause: problem, untouched: true })
      return
    }
    this.#stream = stream
    this.#listen(stream)
    this.#handler.connected()
    // The handler may have given up.
    if (this.#isOver || !this.#hasBody) return
    const hadEarly = this.#early.length > 0
    let hasRoom = true
    for (const chunk of this.#early) hasRoom = stream.write(chunk)
    this.#early = []
    if (this.#isEnded) stream.end()
    else if (hadEarly && hasRoom) this.#handler.drain()
  }

  write(chunk: Buffer): boolean {
    if (this.#isOver || this.#isEnded) return true
    if (!this.#stream) {
      this.#early.push(chunk)
      return false
    }
    // A stream that the upstream has closed takes nothing more, and nobody would say that it has drained.
    return this.#stream.destroyed || this.#stream.closed || this.#stream.write(chunk)
  }

  end(trailers: readonly string[] = []): void {
    if (this.#isOver || this.#isEnded) return
    try {
      this.#trailers = requestTrailers(trailers)
    } catch (error) {
      this.fail({ code: 'request_invalid', cause: asError(error), untouched: false })
      return
    }
    this.#isEnded = true
    if (this.#hasBody) this.#stream?.end()
  }

  pause(): void {
    this.#isPaused = true
    // Before the head nothing is read anyway, and what was paused would not begin with its listener.
    if (this.#hasHead) this.#stream?.pause()
  }

  resume(): void {
    this.#isPaused = false
    if (this.#rest) this.#giveRest()
    else if (this.#hasHead) this.#stream?.resume()
  }

  abort(): void {
    this.#finish(constants.NGHTTP2_CANCEL)
  }

  /** Ends it with a failure; the upstream is told to stop. */
  fail(failure: UpstreamFailure): void {
    if (this.#isOver) return
    this.#finish(constants.NGHTTP2_CANCEL)
    this.#handler.failed(failure)
  }

  #listen(stream: ClientHttp2Stream): void {
    this.#noticeEnd(stream)
    stream.on('headers', (headers, _flags, raw) => this.#information(headers[':status'], raw))
    stream.on('response', (headers, flags, raw) => this.#head(headers[':status'] ?? 0, flags, raw))
    stream.on('trailers', (_headers, _flags, raw) => this.#attempt(() => (this.#answerTrailers = answerFields(raw))))
    stream.on('end', () => this.#end())
    stream.on('error', (error: Error) => (this.#error = error))
    stream.on('close', () => this.#closed(stream))
    if (!this.#hasBody) return
    stream.on('drain', () => this.#isOver || this.#handler.drain())
    stream.on('wantTrailers', () => stream.sendTrailers(this.#trailers))
  }

  /**
   * Node ends a stream's content alike when the upstream has ended it and when its connection has. An upstream may also give a
   * stream up without a fault (RST_STREAM with NO_ERROR), which is an end: servers on Node end every answer so whose request
   * they have not read. Where a length was announced, that tells a cut from an end.
   */
  #noticeEnd(stream: ClientHttp2Stream): void {
    const push = stream.push.bind(stream)
    stream.push = (chunk, encoding) => {
      const isReset =
        stream.closed && (stream.rstCode !== constants.NGHTTP2_NO_ERROR || stream.session?.destroyed !== false)
      if (chunk === null && !isReset) this.#isWhole = true
      return push(chunk, encoding)
    }
  }

  #information(status: number | undefined, raw: readonly string[]): void {
    if (this.#isOver) return
    this.#connection?.heard()
    this.#attempt(() => {
      // Without a status these would be trailers that end nothing; 101 is not for HTTP/2 (RFC 9113 §8.1, §8.6).
      if (status === undefined || status === 101)
        throw new AnswerError('the answer has a head that HTTP/2 does not know')
      this.#handler.information(status, answerFields(raw))
    })
  }

  #head(status: number, flags: number, raw: readonly string[]): void {
    if (this.#isOver) return
    this.#connection?.heard()
    this.#attempt(() => {
      if (this.#hasHead) throw new AnswerError('there is a second answer')
      const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
      const head = answerHead({ status, raw, isWhole, method: this.#method })
      this.#hasHead = true
      if (head.framing === 'http2') this.#missing = announcedLength(head.headers)
      this.#handler.head(head)
      this.#stream?.on('data', (chunk: Buffer) => this.#data(chunk))
      if (this.#isPaused) this.#stream?.pause()
      // At once, so that it can be passed on as one frame: clients of gRPC look for a status in a head that ends the stream.
      else if (isWhole) this.#end()
    })
  }

  #data(chunk: Buffer): void {
    if (this.#isOver) return
    this.#connection?.heard()
    this.#missing -= chunk.length
    if (!this.#handler.data(chunk, false)) this.pause()
  }

  #end(): void {
    if (this.#isOver || !this.#hasHead || !this.#isWhole) return
    this.#connection?.heard()
    if (this.#missing > 0) {
      const cause = new Error(`the answer ended ${this.#missing} bytes before its announced length`)
      this.fail({ code: 'upstream_closed', cause, untouched: false })
      return
    }
    // An upstream that has answered need not be sent the rest (RFC 9113 §8.1).
    this.#finish(this.#hasBody && !this.#stream?.writableFinished ? constants.NGHTTP2_CANCEL : undefined)
    this.#handler.end(this.#answerTrailers)
  }

  #closed(stream: ClientHttp2Stream): void {
    if (this.#isOver) return
    if (this.#hasHead && this.#isWhole) {
      this.#rest = unread(stream)
      this.#giveRest()
      return
    }
    const lastStreamId = this.#connection?.lastStreamId ?? Infinity
    this.fail(streamFailure({ error: this.#error, resetCode: stream.rstCode, streamId: stream.id, lastStreamId }))
  }

  #giveRest(): void {
    while (this.#rest && !this.#isPaused && !this.#isOver) {
      const chunk = this.#rest.shift()
      if (chunk) this.#data(chunk)
      else this.#end()
    }
  }

  /** @param step throws for what may not be passed on */
  #attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error
      this.fail({ code: 'upstream_protocol', cause: error, untouched: false })
    }
  }

  /** @param resetCode undefined when the stream ends by itself */
  #finish(resetCode: number | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#early = []
    if (resetCode !== undefined) this.#stream?.close(resetCode)
    this.#connection?.left(this)
  }
}

/** Node destroys streams with their connection, and what they hold then comes by no event. */
function unread(stream: ClientHttp2Stream): Buffer[] {
  const chunks: Buffer[] = []
  for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) chunks.push(chunk)
  return chunks
}

/** Node checks names, and throws. */
function request(
  session: ClientHttp2Session,
  fields: readonly string[],
  hasBody: boolean,
): { stream: ClientHttp2Stream; problem?: never } | { stream?: never; problem: Error } {
  try {
    return { stream: session.request(fields, { endStream: !hasBody, waitForTrailers: hasBody }) }
  } catch (error) {
    return { problem: asError(error) }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
