import { holdUntilTurnEnds } from '../../http1/index.ts'
import type { AnswerHandler, OutgoingExchange, UpstreamFailure } from '../contract.ts'
import type { Connection, CurrentExchange, Upgraded } from './connection.ts'
import { type WrittenHead, writeTrailers } from './request-head.ts'

/** One request on its connection. After its end nothing that is asked of it does anything. */
export class Http1Exchange implements OutgoingExchange, CurrentExchange {
  readonly handler: AnswerHandler
  readonly upgraded: Upgraded | undefined
  isSent: boolean
  #connection: Connection | undefined
  readonly #framing: WrittenHead['framing']
  #left: number

  constructor(connection: Connection, head: WrittenHead, handler: AnswerHandler, upgraded: Upgraded | undefined) {
    this.handler = handler
    this.upgraded = upgraded
    this.isSent = head.framing === 'none'
    this.#connection = connection
    this.#framing = head.framing
    this.#left = head.length
    // The first bytes of a body go out with the head where they are there already; the upstream may refuse by the head alone.
    holdUntilTurnEnds(connection)
    connection.socket.write(head.text, 'latin1')
  }

  write(chunk: Buffer): boolean {
    const connection = this.#connection
    if (connection === undefined || this.isSent || chunk.length === 0) return true
    const { socket } = connection
    if (this.#framing === 'chunked') {
      socket.cork()
      socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
      socket.write(chunk)
      socket.write('\r\n', 'latin1')
      socket.uncork()
    } else {
      this.#left -= chunk.length
      if (this.#left < 0) return this.#invalid(connection, 'the body is longer than it was announced')
      socket.write(chunk)
    }
    return !socket.writableNeedDrain
  }

  end(trailers: readonly string[] = []): void {
    const connection = this.#connection
    if (connection === undefined || this.isSent) return
    if (this.#framing === 'chunked') {
      const last = writeTrailers(trailers)
      if (last === undefined) return void this.#invalid(connection, 'a trailer field is none')
      connection.socket.write(last, 'latin1')
    } else if (this.#left > 0) {
      return void this.#invalid(connection, 'the body is shorter than it was announced')
    }
    this.isSent = true
  }

  pause(): void {
    this.#connection?.pause()
  }

  resume(): void {
    this.#connection?.resume()
  }

  abort(): void {
    this.#connection?.abort()
  }

  detach(): void {
    this.#connection = undefined
  }

  #invalid(connection: Connection, problem: string): true {
    connection.fail({ code: 'request_invalid', cause: new Error(problem), untouched: false })
    return true
  }
}

/** An exchange that fails before it has begun; its handler hears of it when the caller has returned. */
export class FailedExchange implements OutgoingExchange {
  #handler: AnswerHandler | undefined

  constructor(handler: AnswerHandler, failure: UpstreamFailure) {
    this.#handler = handler
    process.nextTick(() => this.#handler?.failed(failure))
  }

  write(): boolean {
    return true
  }

  end(): void {
    // Nothing was begun.
  }

  pause(): void {
    // Nothing comes.
  }

  resume(): void {
    // Nothing comes.
  }

  abort(): void {
    this.#handler = undefined
  }
}
