import type {
  AnswerHandler,
  AnswerHead,
  Endpoint,
  Outcome,
  OutgoingExchange,
  OutgoingHead,
  Place,
  UpstreamFailure,
} from '../upstreams/contract.ts'
import { isHttp2 } from '../wire/index.ts'
import { ClientAnswer } from './answer.ts'
import { breakOff, type ClientRequest, type ClientResponse, discardRest, isGone } from './client.ts'
import type { Forward, ProxyFailureCode } from './forward.ts'
import { headerBytes, hostFor, type PreparedRequest, prepareRequest, requestTrailers } from './request-headers.ts'
import { retryAfter } from './retry.ts'
import type { Watched } from './watch.ts'

/** One request on its way through the proxy, from its head to the close of its response. */
export class ProxyExchange implements AnswerHandler, Watched {
  watchIndex = -1
  protected readonly req: ClientRequest
  protected readonly res: ClientResponse
  protected readonly forward: Forward
  /** At an upstream. */
  protected place: Place | undefined
  readonly #answer: ClientAnswer
  #request: PreparedRequest | undefined
  /** The upstream's side; none between two tries and after its end. */
  #outgoing: OutgoingExchange | undefined
  /** Tries, so that what a former one says late is not taken for the present one's. */
  #tries = 0
  #retriesLeft: number
  #freeRetries = 1
  #tried: Endpoint[] | undefined
  #isConnected = false
  #isBodyBegun = false
  #isSent = false
  #isAnswering = false
  /** Written bytes wait for the upstream. */
  #isUpstreamFull = false
  /** Bytes of the body until now. */
  #bodyBytes = 0
  /** Answered in full, or failed: nothing that happens later counts. */
  #isOver = false
  /** Looks of the route's watch since the beginning, and since something moved. */
  #age = 0
  #quiet = 0
  #unsent = 0

  constructor(req: ClientRequest, res: ClientResponse, forward: Forward) {
    this.req = req
    this.res = res
    this.forward = forward
    this.#answer = new ClientAnswer(req, res, forward, this)
    this.#retriesLeft = forward.route.retries
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Begins; what comes of it is the response's `close`, or `forward.onFailure`. */
  start(): void {
    const { req, res, forward } = this
    const { limits, watch } = forward.route
    if (limits.headerBytes !== undefined && headerBytes(req) > limits.headerBytes) {
      return this.fail('headers_too_large', new Error(`the header fields have more than ${limits.headerBytes} bytes`))
    }
    this.#request = prepareRequest(req, forward)
    this.#isSent = !this.#request.hasBody
    if (this.#request.length > (limits.bodyBytes ?? Infinity)) return this.#failByBody()
    res.on('error', (cause: Error) => this.fail('client_gone', cause))
    res.on('close', () => this.#closed())
    if (isGone(res)) return this.fail('client_gone', new Error('the client left before its request was passed on'))
    watch.add(this)
    this.#try()
  }

  /** Starts the upstream's side at the server whose turn it is. */
  #try(): void {
    const { req, forward } = this
    const request = this.#request
    if (request === undefined || this.#isOver) return
    this.place = this.choose(this.#tried ?? NONE)
    if (this.place === undefined)
      return this.fail('upstream_busy', new Error('as many requests as allowed are under way'))
    const { endpoint } = this.place
    this.#isConnected = false
    this.#quiet = 0
    const { fields, hasBody } = request
    const headers = ['Host', hostFor(forward, endpoint.host)]
    if (forward.requestId !== undefined) headers.push('X-Request-Id', forward.requestId)
    const mine = (this.#tries += 1)
    const head = { method: req.method ?? '', target: forward.target, headers, fields, hasBody }
    const outgoing = this.send(endpoint, head)
    // It may have failed, and been tried again, before it was given back.
    if (mine !== this.#tries) return
    if (this.#isOver) return outgoing.abort()
    this.#outgoing = outgoing
    if (this.#isConnected) this.#proceed()
  }

  protected choose(tried: readonly Endpoint[]): Place | undefined {
    return this.forward.route.upstreams.choose('requests', tried)
  }

  protected send(endpoint: Endpoint, head: OutgoingHead): OutgoingExchange {
    return endpoint.send(head, this)
  }

  connected(): void {
    this.#isConnected = true
    this.#quiet = 0
    if (this.#outgoing !== undefined) this.#proceed()
  }

  /** Only now is anything asked of the client: until here the request could go to another server. */
  #proceed(): void {
    const request = this.#request
    if (request?.hasBody !== true || this.#isBodyBegun) return
    this.#isBodyBegun = true
    if (request.expectsContinue) this.res.writeContinue()
    const { req } = this
    req.on('data', (chunk: Buffer) => this.#pass(chunk))
    req.once('end', () => this.#sent())
    req.on('error', (cause: Error) => this.fail('client_gone', cause))
  }

  #pass(chunk: Buffer): void {
    const outgoing = this.#outgoing
    if (outgoing === undefined) return
    this.#quiet = 0
    this.#bodyBytes += chunk.length
    if (this.#bodyBytes > (this.forward.route.limits.bodyBytes ?? Infinity)) return this.#failByBody()
    if (outgoing.write(chunk) || this.#outgoing === undefined) return
    this.#isUpstreamFull = true
    this.req.pause()
  }

  #sent(): void {
    // Node ends the request's stream as if it were whole.
    if (isHttp2(this.req) && this.req.stream.closed) {
      return this.fail('client_gone', new Error('the client took its request back'))
    }
    this.#isSent = true
    this.#quiet = 0
    this.#outgoing?.end(requestTrailers(this.req, this.forward))
  }

  drain(): void {
    this.#isUpstreamFull = false
    this.#quiet = 0
    if (this.#isBodyBegun) this.req.resume()
  }

  information(status: number, headers: string[]): void {
    this.#quiet = 0
    if (this.#isOver) return
    try {
      this.#answer.inform(status, headers, this.place?.endpoint.origin ?? '')
    } catch (cause) {
      this.fail('upstream_protocol', cause)
    }
  }

  head(answer: AnswerHead): void {
    if (this.#isOver) return
    this.#isAnswering = true
    this.#quiet = 0
    try {
      this.#answer.begin(answer, this.place?.endpoint.origin ?? '')
    } catch (cause) {
      this.fail('upstream_protocol', cause)
    }
  }

  data(chunk: Buffer, isLent: boolean): boolean {
    if (this.#isOver) return true
    this.#quiet = 0
    if (this.#answer.write(chunk, isLent)) return true
    this.res.once('drain', () => this.#outgoing?.resume())
    return false
  }

  end(trailers: string[]): void {
    if (this.#isOver) return
    this.#outgoing = undefined
    this.#release('answered')
    // What a client does not read must not stay for ever.
    this.#quiet = 0
    const { req, res } = this
    // An upstream that answers early has decided without the rest; nobody waits for it.
    if (!req.complete) res.once('finish', () => discardRest(req))
    try {
      this.#answer.end(trailers)
      this.#isOver = true
    } catch (cause) {
      this.fail('upstream_protocol', cause)
    }
  }

  failed(failure: UpstreamFailure): void {
    if (this.#isOver) return
    this.#outgoing = undefined
    const { code, cause } = failure
    const isRepeatable = !this.#isBodyBegun && !this.#answer.hasBegun
    const wasConnected = this.#isConnected
    if (!this.#mayTryAgain(retryAfter({ method: this.req.method ?? '', isRepeatable, wasConnected, failure }))) {
      return this.fail(code, cause)
    }
    if (this.place !== undefined) (this.#tried ??= []).push(this.place.endpoint)
    this.#release('failed')
    return this.#try()
  }

  #mayTryAgain(retry: ReturnType<typeof retryAfter>): boolean {
    if (retry === 'free' && this.#freeRetries > 0) {
      this.#freeRetries -= 1
      return true
    }
    if (retry === 'no' || this.#retriesLeft === 0) return false
    this.#retriesLeft -= 1
    return true
  }

  tick(): void {
    const { looks } = this.forward.route
    const unsent = this.res.writableLength
    this.#age += 1
    this.#quiet = unsent === this.#unsent ? this.#quiet + 1 : 0
    this.#unsent = unsent
    if (this.#isOver) {
      if (this.#quiet > looks.idle) breakOff(this.req)
    } else if (this.#age > looks.total) {
      this.fail(this.#waitsForClient() ? 'client_gone' : 'upstream_timeout', new Error('the exchange took too long'))
    } else if (this.#quiet > this.#patience()) {
      if (this.#waitsForClient()) this.fail('client_gone', new Error('the client was silent for too long'))
      else this.fail('upstream_timeout', new Error('the upstream was silent for too long'))
    }
  }

  /** @returns how many looks may find that nothing has moved */
  #patience(): number {
    const { connect, firstByte, idle } = this.forward.route.looks
    if (!this.#isConnected) return connect
    return this.#isSent && !this.#isAnswering ? firstByte : idle
  }

  /** It does not read the answer, or does not send the rest of its request. */
  #waitsForClient(): boolean {
    return this.#isConnected && (this.res.writableNeedDrain || (!this.#isSent && !this.#isUpstreamFull))
  }

  /**
   * Ends an exchange that cannot be completed. A client that has seen part of the answer loses its connection, so that the
   * cut is visible; one that has seen nothing is left to the caller.
   * @param code why
   * @param cause for the log
   */
  fail(code: ProxyFailureCode, cause: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    const { req, res, forward } = this
    this.#outgoing?.abort()
    this.#outgoing = undefined
    this.#release(code.startsWith('upstream_') ? 'failed' : 'abandoned')
    const answerable = !res.headersSent && !isGone(res) && code !== 'client_gone'
    if (answerable) discardRest(req)
    else breakOff(req)
    forward.onFailure({ code, cause, answerable })
  }

  #failByBody(): void {
    this.fail('body_too_large', new Error(`the body has more than ${this.forward.route.limits.bodyBytes} bytes`))
  }

  #closed(): void {
    this.forward.route.watch.delete(this)
    if (this.#isOver) return
    this.fail('client_gone', new Error('the client closed its connection'))
  }

  /** The upstream's side has become something else: a tunnel. */
  protected leave(): void {
    this.#isOver = true
    this.#outgoing = undefined
    this.forward.route.watch.delete(this)
  }

  #release(outcome: Outcome): void {
    this.place?.release(outcome)
  }
}

const NONE: readonly Endpoint[] = []
