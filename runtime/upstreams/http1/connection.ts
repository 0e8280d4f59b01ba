import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import type { Held } from '../../http1/index.ts'
import type { AnswerHandler, AnswerHead, UpstreamFailure } from '../contract.ts'
import type { ParsedHead } from './head.ts'
import { AnswerParser, type ParserEvents } from './parser.ts'

export type Upgraded = (answer: AnswerHead, socket: Duplex, first: Buffer) => void

/** What a connection tells its pool. */
export interface ConnectionOwner {
  /** Its exchange has ended, and another may follow. */
  free(connection: Connection): void
  /** It is closed, whatever for. */
  closed(connection: Connection): void
  /** It was kept, and turned out to be closed by the upstream before any byte of an answer. */
  stale(connection: Connection): void
}

/** What is under way on a connection. */
export interface CurrentExchange {
  readonly handler: AnswerHandler
  /** The request has been written to its end. */
  readonly isSent: boolean
  readonly upgraded: Upgraded | undefined
  /** Nothing more can be written. */
  detach(): void
}

/** One connection to an upstream, for one exchange after the other. */
export class Connection implements ParserEvents, Held {
  readonly socket: Socket
  /** When it is too old to be used again, by `performance.now()`. */
  idleUntil = 0
  /** How long the upstream said it keeps it; undefined when it did not. */
  keepAliveSeconds: number | undefined
  isConnected = false
  readonly #owner: ConnectionOwner
  readonly #parser = new AnswerParser(this)
  #current: CurrentExchange | undefined
  /** Another exchange went before the current one. */
  #isKept = false
  #answered = false
  #isReusable = false
  /** What the handler was not ready for. */
  #rest: Buffer | undefined
  #isFeeding = false
  #isFedOwned = false
  #isPaused = false
  /** The upstream has closed its side while something was held back. */
  #hasEnded = false
  #switched: AnswerHead | undefined
  #error: Error | undefined

  /** @param socket that is connecting; its bytes come by `feed` */
  constructor(socket: Socket, owner: ConnectionOwner) {
    this.socket = socket
    this.#owner = owner
    socket.on('drain', this.#onDrain).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose)
  }

  get isIdle(): boolean {
    return this.#current === undefined
  }

  /** Begins an exchange on an idle connection. */
  begin(method: string, exchange: CurrentExchange): void {
    this.#current = exchange
    this.#answered = false
    this.#parser.begin(method, exchange.upgraded !== undefined)
  }

  /** To be called once, when bytes can go out. */
  connected(): void {
    this.isConnected = true
    this.#current?.handler.connected()
  }

  /**
   * Takes what the upstream sent.
   * @param bytes valid during the call only, unless `isOwned`
   */
  feed(bytes: Buffer, isOwned: boolean): void {
    if (this.#current === undefined) {
      // Nobody asked: whatever came after it could not be told from an answer.
      this.socket.destroy()
      return
    }
    this.#answered = true
    if (this.#rest !== undefined) this.#rest = Buffer.concat([this.#rest, bytes])
    else this.#parse(bytes, isOwned)
  }

  #parse(bytes: Buffer, isOwned: boolean): void {
    this.#isFeeding = true
    this.#isFedOwned = isOwned
    const taken = this.#parser.feed(bytes)
    this.#isFeeding = false
    if (this.#parser.problem !== undefined) {
      this.fail({ code: 'upstream_protocol', cause: new Error(this.#parser.problem), untouched: false })
    } else if (this.#switched !== undefined) {
      this.#switch(this.#switched, bytes.subarray(taken))
    } else if (this.#current === undefined) {
      this.#settle(taken === bytes.length)
    } else if (taken < bytes.length) {
      this.#rest = isOwned ? bytes.subarray(taken) : Buffer.from(bytes.subarray(taken))
    }
  }

  pause(): void {
    this.#parser.pause()
    this.#hold()
  }

  resume(): void {
    this.#parser.resume()
    if (this.#isFeeding) return
    const rest = this.#rest
    this.#rest = undefined
    if (rest !== undefined) this.#parse(rest, true)
    if (this.#rest !== undefined) return
    this.#read()
    if (this.#hasEnded) this.#onEnd()
  }

  /** Ends the exchange and the connection. */
  fail(failure: UpstreamFailure): void {
    const handler = this.#detach()
    this.socket.destroy()
    handler?.failed(failure)
  }

  /** Ends the exchange and the connection without a word. */
  abort(): void {
    this.#detach()
    this.socket.destroy()
  }

  information(status: number, headers: string[]): void {
    this.#current?.handler.information(status, headers)
  }

  head({ reusable, keepAliveSeconds, status, statusText, headers, framing }: ParsedHead, isWhole: boolean): void {
    const answer = { status, statusText, headers, framing, isWhole }
    if (status === 101) {
      this.#switched = answer
      return
    }
    this.#isReusable = reusable
    this.keepAliveSeconds = keepAliveSeconds
    this.#current?.handler.head(answer)
  }

  data(chunk: Buffer): boolean {
    if (this.#current === undefined) return true
    const isTaken = this.#current.handler.data(chunk, !this.#isFedOwned)
    if (!isTaken) this.#hold()
    return isTaken
  }

  end(trailers: string[]): void {
    if (this.#switched !== undefined) return
    // An upstream that answers before it has read everything has left the rest on the wire.
    this.#isReusable &&= this.#current?.isSent === true && this.socket.writableLength === 0
    this.#detach()?.end(trailers)
  }

  /** @param isAllTaken nothing came after the answer */
  #settle(isAllTaken: boolean): void {
    if (!this.#isReusable || !isAllTaken || this.socket.destroyed) {
      this.socket.destroy()
      return
    }
    this.#isKept = true
    this.#read()
    this.#owner.free(this)
  }

  #hold(): void {
    this.#isPaused = true
    this.socket.pause()
  }

  #read(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.socket.resume()
  }

  #switch(answer: AnswerHead, first: Buffer): void {
    const upgraded = this.#current?.upgraded
    this.#detach()
    const { socket } = this
    socket.pause().removeAllListeners('data')
    socket.off('drain', this.#onDrain).off('end', this.#onEnd).off('error', this.#onError).off('close', this.#onClose)
    this.#owner.closed(this)
    upgraded?.(answer, socket, first)
  }

  #detach(): AnswerHandler | undefined {
    const current = this.#current
    this.#current = undefined
    this.#rest = undefined
    current?.detach()
    return current?.handler
  }

  readonly #onDrain = (): void => this.#current?.handler.drain()

  readonly #onEnd = (): void => {
    this.#hasEnded = this.#rest !== undefined
    if (!this.#hasEnded && this.#parser.finish()) this.socket.destroy()
  }

  readonly #onError = (error: Error): void => {
    this.#error = error
  }

  readonly #onClose = (): void => {
    this.#owner.closed(this)
    if (this.#current === undefined) return
    const cause = this.#error ?? new Error('the upstream closed the connection before its answer ended')
    if (!this.isConnected) this.fail({ code: 'upstream_unreachable', cause, untouched: true })
    else if (this.#isKept && !this.#answered) {
      this.#owner.stale(this)
      this.fail({ code: 'upstream_closed', cause, untouched: true })
    } else this.fail({ code: 'upstream_closed', cause, untouched: false })
  }
}
