import type { Duplex } from 'node:stream'

/** What an upstream is asked, as it goes out. */
export interface OutgoingHead {
  method: string
  /** Path and query. */
  target: string
  /** Name, value, name, value: all that is sent, Host and framing included, but for what is in `fields`. */
  headers: readonly string[]
  /** Come after them. */
  fields?: OutgoingFields | undefined
  /** A body follows by `write` and `end`; without one the exchange is ended from the start. */
  hasBody: boolean
}

/** Header fields that may go out again: what is written of them is kept with them. */
export class OutgoingFields {
  /** Name, value, name, value. */
  readonly list: readonly string[]
  /** They will. */
  readonly isKept: boolean
  /** For who writes them. */
  written: unknown

  constructor(list: readonly string[], isKept: boolean) {
    this.list = list
    this.isKept = isKept
  }
}

/** Hears of an exchange, in the order of the members; `failed` at any time, and nothing after it. */
export interface AnswerHandler {
  /** The connection stands: bytes go out from here on. Not called twice. */
  connected(): void
  /** 1xx except 101; any number of times. */
  information(status: number, headers: string[]): void
  head(answer: AnswerHead): void
  /**
   * @param isLent the chunk is overwritten after the call: who keeps it copies it
   * @returns false to be given nothing more until `resume`
   */
  data(chunk: Buffer, isLent: boolean): boolean
  /** @param trailers name, value, name, value */
  end(trailers: string[]): void
  /** Written bytes have gone out after `write` gave false. */
  drain(): void
  failed(failure: UpstreamFailure): void
}

/** The final answer's head. */
export interface AnswerHead {
  status: number
  /** Reason phrase; empty for HTTP/2. */
  statusText: string
  /** Name, value, name, value, as they came; HTTP/2 pseudo-fields are not among them. */
  headers: string[]
  /** How the content's end is known (RFC 9112 §6.3); `none` where there is no content at all. */
  framing: 'none' | 'length' | 'chunked' | 'close' | 'http2'
  /** All of its content and its end follow within the same call: nobody need be told of it before. */
  isWhole: boolean
}

/** A fault of the upstream's side. */
export interface UpstreamFailure {
  code: 'upstream_unreachable' | 'upstream_timeout' | 'upstream_closed' | 'upstream_protocol' | 'request_invalid'
  /** For the log only: names hosts and addresses of the inner network. */
  cause: Error
  /** The upstream has certainly not begun on it: no byte went out, or it said so (RFC 9113 §8.7, a kept connection that was closed). */
  untouched: boolean
}

/** The client's end of one exchange with an upstream. */
export interface OutgoingExchange {
  /** @returns false when no more should be written until `drain` */
  write(chunk: Buffer): boolean
  /** @param trailers name, value, name, value; sent only where the framing allows them */
  end(trailers?: readonly string[]): void
  pause(): void
  resume(): void
  /** Ends it without an answer; the handler hears nothing more. */
  abort(): void
}

/** One server of an app. */
export interface Endpoint {
  readonly origin: string
  /** As a Host header: without a default port. */
  readonly host: string
  /** Starts an exchange; never throws. */
  send(head: OutgoingHead, handler: AnswerHandler): OutgoingExchange
  /**
   * Starts a WebSocket handshake on a connection of its own; any answer but 101 comes as for `send`.
   * @param upgraded is given the connection and what came with the 101
   */
  upgrade(
    head: OutgoingHead,
    handler: AnswerHandler,
    upgraded: (answer: AnswerHead, socket: Duplex, first: Buffer) => void,
  ): OutgoingExchange
  /** Ends idle connections now and busy ones after their exchange, so that a reload drops no request. */
  close(): void
}

/** How an exchange went, for what is chosen next. */
export type Outcome = 'answered' | 'failed' | 'abandoned'

/** A place at an endpoint. */
export interface Place {
  readonly endpoint: Endpoint
  /** Gives it back; calling it again does nothing. */
  release(outcome: Outcome): void
}

/** All servers of a route's app. */
export interface UpstreamGroup {
  /**
   * Takes a place at the server whose turn it is.
   * @param tried is passed over while there is another one
   * @returns undefined when all places are taken
   */
  choose(kind: 'requests' | 'tunnels', tried: readonly Endpoint[]): Place | undefined
  /** Stops checking health and closes all endpoints. */
  close(): void
}
