import { type ContentEvents, ContentReader, SectionReader } from '../../http1/index.ts'
import { type ParsedHead, parseHead } from './head.ts'

/** Above it an upstream only keeps us busy. */
const MAX_INFORMATION = 100

/** Of a head, or of trailers. */
const MAX_HEAD_BYTES = 64 * 1024

/** Hears what a parser has found, in the order of the members. */
export interface ParserEvents extends ContentEvents {
  information(status: number, headers: string[]): void
  /** @param isWhole all of its content and its end follow within the same call */
  head(head: ParsedHead, isWhole: boolean): void
}

/**
 * Reads the answers of one connection, one at a time and however their bytes are cut. It is strict: a byte that two readers
 * could understand in two ways is a `problem`, after which nothing more is taken.
 * @see RFC 9112
 */
export class AnswerParser {
  readonly #events: ParserEvents
  readonly #section = new SectionReader(MAX_HEAD_BYTES)
  readonly #content: ContentReader
  #problem: string | undefined
  #isHeadExpected = false
  #method = ''
  #upgrade = false
  #informed = 0

  constructor(events: ParserEvents) {
    this.#events = events
    this.#content = new ContentReader(events, MAX_HEAD_BYTES)
  }

  /** Why what came is no answer. */
  get problem(): string | undefined {
    return this.#problem ?? this.#content.problem
  }

  /**
   * Expects an answer.
   * @param method of the request: an answer to HEAD has no content
   * @param upgrade a 101 ends the parser's work; elsewhere it is a problem
   */
  begin(method: string, upgrade: boolean): void {
    this.#isHeadExpected = true
    this.#content.resume()
    this.#method = method
    this.#upgrade = upgrade
    this.#informed = 0
  }

  /** No answer is expected, or it has been read to its end. */
  get isIdle(): boolean {
    return !this.#isHeadExpected && this.#content.isIdle
  }

  /** Feeding goes on. */
  resume(): void {
    this.#content.resume()
  }

  /** What is fed is left where it is until `resume`. */
  pause(): void {
    this.#content.pause()
  }

  /**
   * Reads on.
   * @returns how many bytes were taken: all, unless the answer has ended, `data` or `pause` said to wait, or there is a problem
   */
  feed(bytes: Buffer): number {
    let offset = 0
    while (this.#isHeadExpected && offset < bytes.length && !this.#content.isPaused && this.#problem === undefined) {
      offset = this.#head(bytes, offset)
    }
    return this.#problem === undefined ? this.#content.feed(bytes, offset) : offset
  }

  /** The upstream has closed its side. @returns whether that is the answer's end */
  finish(): boolean {
    return this.#content.finish()
  }

  #head(bytes: Buffer, offset: number): number {
    const next = this.#section.take(bytes, offset)
    if (next === -1) {
      this.#problem = this.#section.problem
      if (!'HTTP/1.'.startsWith(this.#section.begun)) this.#problem = 'this is no HTTP/1.1'
      return bytes.length
    }
    const head = parseHead(this.#section.text, this.#method)
    if (typeof head === 'string') this.#problem = head
    else if (head.status < 200 && head.status !== 101) this.#information(head)
    else this.#final(head, bytes.length - next)
    return next
  }

  #information({ status, headers }: ParsedHead): void {
    this.#informed += 1
    if (this.#informed > MAX_INFORMATION) this.#problem = 'there are too many informational answers'
    else this.#events.information(status, headers)
  }

  /** @param available bytes that came with it */
  #final(head: ParsedHead, available: number): void {
    if (head.status === 101 && !this.#upgrade) {
      this.#problem = 'the upstream switched protocols without being asked to'
      return
    }
    this.#isHeadExpected = false
    const { framing, length } = head
    const isEmpty = framing === 'none' || (framing === 'length' && length === 0)
    if (!isEmpty) this.#content.begin(framing, length)
    this.#events.head(head, isEmpty || (framing === 'length' && length <= available))
    if (isEmpty) this.#events.end([])
  }
}
