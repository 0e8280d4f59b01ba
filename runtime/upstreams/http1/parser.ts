import { ChunkSizeReader } from './chunks.ts'
import { parseFields } from './fields.ts'
import { type ParsedHead, parseHead } from './head.ts'
import { SectionReader } from './section.ts'

/** Above it an upstream only keeps us busy. */
const MAX_INFORMATION = 100

const CR = 0x0d
const LF = 0x0a

/** Hears what a parser has found, in the order of the members. */
export interface ParserEvents {
  information(status: number, headers: string[]): void
  /** @param isWhole all of its content and its end follow within the same call */
  head(head: ParsedHead, isWhole: boolean): void
  /** @param chunk part of what was fed: valid during the call only. @returns false to be given nothing more until `resume` */
  data(chunk: Buffer): boolean
  end(trailers: string[]): void
}

type State = 'idle' | 'head' | 'length' | 'close' | 'chunk size' | 'chunk' | 'chunk cr' | 'chunk lf' | 'trailers'

/**
 * Reads the answers of one connection, one at a time and however their bytes are cut. It is strict: a byte that two readers
 * could understand in two ways is a `problem`, after which nothing more is taken.
 * @see RFC 9112
 */
export class AnswerParser {
  /** Why what came is no answer. */
  problem: string | undefined
  readonly #events: ParserEvents
  readonly #section = new SectionReader('')
  readonly #trailers = new SectionReader('\r\n')
  readonly #chunkSize = new ChunkSizeReader()
  #state: State = 'idle'
  #paused = false
  #method = ''
  #upgrade = false
  #informed = 0
  /** Bytes that are missing from the content or the chunk. */
  #left = 0

  constructor(events: ParserEvents) {
    this.#events = events
  }

  /**
   * Expects an answer.
   * @param method of the request: an answer to HEAD has no content
   * @param upgrade a 101 ends the parser's work; elsewhere it is a problem
   */
  begin(method: string, upgrade: boolean): void {
    this.#state = 'head'
    this.#paused = false
    this.#method = method
    this.#upgrade = upgrade
    this.#informed = 0
  }

  /** No answer is expected, or it has been read to its end. */
  get isIdle(): boolean {
    return this.#state === 'idle'
  }

  /** Feeding goes on. */
  resume(): void {
    this.#paused = false
  }

  /** What is fed is left where it is until `resume`. */
  pause(): void {
    this.#paused = true
  }

  /**
   * Reads on.
   * @returns how many bytes were taken: all, unless the answer has ended, `data` or `pause` said to wait, or there is a problem
   */
  feed(bytes: Buffer): number {
    let offset = 0
    while (offset < bytes.length && this.#state !== 'idle' && !this.#paused && this.problem === undefined) {
      offset = this.#step(bytes, offset)
    }
    return offset
  }

  /** The upstream has closed its side. @returns whether that is the answer's end */
  finish(): boolean {
    if (this.#state !== 'close') return false
    this.#end([])
    return true
  }

  #step(bytes: Buffer, offset: number): number {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes, offset)
      case 'length':
      case 'close':
      case 'chunk':
        return this.#content(bytes, offset)
      case 'chunk size':
        return this.#size(bytes, offset)
      case 'chunk cr':
        return this.#expect(bytes[offset] === CR, 'chunk lf', offset)
      case 'chunk lf':
        return this.#expect(bytes[offset] === LF, 'chunk size', offset)
      case 'trailers':
        return this.#trailer(bytes, offset)
      case 'idle':
        return offset
    }
  }

  #head(bytes: Buffer, offset: number): number {
    const next = this.#section.take(bytes, offset)
    if (next === -1) {
      this.problem = this.#section.problem
      if (!'HTTP/1.'.startsWith(this.#section.begun)) this.problem = 'this is no HTTP/1.1'
      return bytes.length
    }
    const head = parseHead(this.#section.text, this.#method)
    if (typeof head === 'string') this.problem = head
    else if (head.status < 200 && head.status !== 101) this.#information(head)
    else this.#final(head, bytes.length - next)
    return next
  }

  #information({ status, headers }: ParsedHead): void {
    this.#informed += 1
    if (this.#informed > MAX_INFORMATION) this.problem = 'there are too many informational answers'
    else this.#events.information(status, headers)
  }

  /** @param available bytes that came with it */
  #final(head: ParsedHead, available: number): void {
    if (head.status === 101 && !this.#upgrade) {
      this.problem = 'the upstream switched protocols without being asked to'
      return
    }
    this.#left = head.length
    const isEmpty = head.framing === 'none' || (head.framing === 'length' && head.length === 0)
    this.#state = stateAfter(head, isEmpty)
    this.#events.head(head, isEmpty || (head.framing === 'length' && head.length <= available))
    if (isEmpty) this.#events.end([])
  }

  #content(bytes: Buffer, offset: number): number {
    const end = this.#state === 'close' ? bytes.length : Math.min(bytes.length, offset + this.#left)
    const isWhole = offset === 0 && end === bytes.length
    const isLast = this.#state !== 'close' && end - offset === this.#left
    this.#left -= end - offset
    if (isLast && this.#state === 'chunk') this.#state = 'chunk cr'
    if (!this.#events.data(isWhole ? bytes : bytes.subarray(offset, end))) this.#paused = true
    if (isLast && this.#state === 'length') this.#end([])
    return end
  }

  #size(bytes: Buffer, offset: number): number {
    const next = this.#chunkSize.take(bytes, offset)
    this.problem = this.#chunkSize.problem
    if (next === -1) return bytes.length
    this.#left = this.#chunkSize.size
    this.#state = this.#left === 0 ? 'trailers' : 'chunk'
    this.#chunkSize.reset()
    return next
  }

  #expect(isThere: boolean, next: State, offset: number): number {
    if (isThere) this.#state = next
    else this.problem = 'a chunk is not as long as it said'
    return offset + 1
  }

  #trailer(bytes: Buffer, offset: number): number {
    const next = this.#trailers.take(bytes, offset)
    this.problem = this.#trailers.problem
    if (next === -1) return bytes.length
    const trailers = parseFields(this.#trailers.text, 0)
    if (trailers === undefined) this.problem = 'a trailer field is malformed'
    else this.#end(trailers)
    return next
  }

  #end(trailers: string[]): void {
    this.#state = 'idle'
    this.#events.end(trailers)
  }
}

function stateAfter({ framing }: ParsedHead, isEmpty: boolean): State {
  if (isEmpty || framing === 'none') return 'idle'
  if (framing === 'chunked') return 'chunk size'
  return framing === 'length' ? 'length' : 'close'
}
