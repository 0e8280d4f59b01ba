import type { AnswerHead } from '../upstreams/contract.ts'
import { isHttp2 } from '../wire/index.ts'
import {
  addTrailers,
  type ClientRequest,
  type ClientResponse,
  type Content,
  contentOf,
  endWith,
  isGone,
  sendHead,
  writeContent,
  writeHead,
  writeInformation,
} from './client.ts'
import type { Forward } from './forward.ts'
import { type AnswerShape, informationHeaders, responseHeaders, responseTrailers } from './response-headers.ts'

/** Whose answer it is. */
export interface AnswerOwner {
  fail(code: 'upstream_protocol', cause: unknown): void
}

/** They are kept in memory for a client that does not read. */
const MAX_INFORMATION = 16

/** An upstream's answer on its way to the client. */
export class ClientAnswer {
  readonly #req: ClientRequest
  readonly #res: ClientResponse
  readonly #forward: Forward
  /** Informational answers that the client was given. */
  #informed = 0
  #shape: AnswerShape | undefined
  /** The head is on its way, or will be with the next content. */
  #isSent = false
  /** The first content: it may be all there is, and go out in one piece with the head. */
  #held: Content | undefined

  readonly #owner: AnswerOwner

  /** @param owner is told of what cannot be written later than in a call of its own */
  constructor(req: ClientRequest, res: ClientResponse, forward: Forward, owner: AnswerOwner) {
    this.#owner = owner
    this.#req = req
    this.#res = res
    this.#forward = forward
  }

  /** Something was said to the client, an early hint at least: too late for a second try. */
  get hasBegun(): boolean {
    return this.#shape !== undefined || this.#informed > 0
  }

  /**
   * Passes an informational answer on: early hints, progress. `100 Continue` is not among them, since it is ours to say
   * (RFC 9110 §10.1.1), and no HTTP/1.0 client gets any (§15.2).
   * @param upstream the upstream's origin
   * @throws TypeError when it cannot be written as HTTP
   */
  inform(status: number, headers: readonly string[], upstream: string): void {
    if (status === 100 || this.#req.httpVersion === '1.0' || this.#res.headersSent || isGone(this.#res)) return
    if (this.#informed >= MAX_INFORMATION) return
    this.#informed += 1
    writeInformation(this.#res, status, informationHeaders(headers, upstream, this.#forward))
  }

  /**
   * Begins the final answer.
   * @param upstream the upstream's origin
   * @throws TypeError when its head cannot be written as HTTP
   */
  begin(answer: AnswerHead, upstream: string): void {
    this.#shape = answerShape(this.#req, answer)
    const headers = responseHeaders(answer, upstream, this.#forward, this.#shape)
    writeHead(this.#res, answer.status, answer.statusText, headers)
    // Event streams say nothing for minutes, and their readers wait for the head.
    if (!answer.isWhole) process.nextTick(sendBegun, this)
  }

  /**
   * @param isLent the chunk is overwritten after the call
   * @returns false when nothing more should be written until the client has taken it
   */
  write(chunk: Buffer, isLent: boolean): boolean {
    const content = contentOf(this.#res, chunk, isLent)
    if (!this.#isSent && this.#held === undefined) {
      this.#held = content
      return true
    }
    this.sendBegun()
    return writeContent(this.#res, content)
  }

  /** @param trailers name, value, name, value */
  end(trailers: readonly string[]): void {
    const held = this.#held
    this.#held = undefined
    this.#isSent = true
    if (trailers.length > 0 && this.#shape?.trailers === true) addTrailers(this.#res, responseTrailers(trailers))
    endWith(this.#res, held)
  }

  /** Like `sendBegun`, where nobody would catch what it throws. */
  sendBegunLater(): void {
    try {
      this.sendBegun()
    } catch (cause) {
      this.#owner.fail('upstream_protocol', cause)
    }
  }

  /** Sends what was held in the hope of the end. */
  sendBegun(): void {
    if (this.#isSent || isGone(this.#res)) return
    this.#isSent = true
    const held = this.#held
    this.#held = undefined
    if (held === undefined) sendHead(this.#res)
    else writeContent(this.#res, held)
  }
}

function sendBegun(answer: ClientAnswer): void {
  answer.sendBegunLater()
}

/** @see RFC 9112 §6.3 for who has content at all, RFC 9110 §8.6 for 204, §6.5 for trailers */
function answerShape(req: ClientRequest, { status, framing, headers }: AnswerHead): AnswerShape {
  const length = status !== 204 && status !== 304
  const mayHaveTrailers = (framing === 'chunked' || framing === 'http2') && req.method !== 'HEAD'
  if (isHttp2(req)) return { length, trailers: mayHaveTrailers }
  // An answer by HTTP/2 has trailers after content of a known length too, which HTTP/1.1 has no place for.
  const isChunked = framing === 'chunked' || !headers.some((name, index) => index % 2 === 0 && isContentLength(name))
  return { length, trailers: mayHaveTrailers && isChunked && req.httpVersion === '1.1' }
}

function isContentLength(name: string): boolean {
  return name.toLowerCase() === 'content-length'
}
