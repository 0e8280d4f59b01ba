import { ChunkSizeReader } from './chunks.ts'
import { parseFields } from './fields.ts'
import { SectionReader } from './section.ts'

/** How the end of a message's content is known (RFC 9112 §6.3); `close` is the connection's end. */
export type Framing = 'none' | 'length' | 'chunked' | 'close'

/** Hears a message's content. */
export interface ContentEvents {
  /** @param chunk part of what was fed: valid during the call only. @returns false to be given nothing more until `resume` */
  data(chunk: Buffer): boolean
  /** @param trailers name, value, name, value */
  end(trailers: string[]): void
}

type State = 'idle' | 'length' | 'close' | 'chunk size' | 'chunk' | 'chunk cr' | 'chunk lf' | 'trailers'

const CR = 0x0d
const LF = 0x0a

/**
 * Reads the contents of one connection's messages, one at a time and however their bytes are cut. A byte that two readers could
 * understand in two ways is a `problem`, after which nothing more is taken.
 * @see RFC 9112 §6, §7.1
 */
export class ContentReader {
  /** Why what came is no content. */
  problem: string | undefined
  readonly #events: ContentEvents
  readonly #trailers: SectionReader
  readonly #chunkSize = new ChunkSizeReader()
  #state: State = 'idle'
  #isPaused = false
  /** Bytes that are missing from the content or the chunk. */
  #left = 0

  /** @param maxTrailerBytes of the trailer fields of one message */
  constructor(events: ContentEvents, maxTrailerBytes: number) {
    this.#events = events
    this.#trailers = new SectionReader(maxTrailerBytes, '\r\n')
  }

  /** No content is expected, or it has been read to its end. */
  get isIdle(): boolean {
    return this.#state === 'idle'
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** What is fed is left where it is until `resume`. */
  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
  }

  /**
   * Expects a content that is not empty.
   * @param length in bytes, where that is its framing
   */
  begin(framing: Exclude<Framing, 'none'>, length: number): void {
    this.#left = length
    this.#state = framing === 'chunked' ? 'chunk size' : framing
  }

  /**
   * Reads on, while content is expected and nobody said to wait.
   * @returns where the first byte is that was not taken
   */
  feed(bytes: Buffer, from: number): number {
    let offset = from
    while (offset < bytes.length && this.#state !== 'idle' && !this.#isPaused && this.problem === undefined) {
      offset = this.#step(bytes, offset)
    }
    return offset
  }

  /** The sender has closed its side. @returns whether that is the content's end */
  finish(): boolean {
    if (this.#state !== 'close') return false
    this.#end([])
    return true
  }

  #step(bytes: Buffer, offset: number): number {
    switch (this.#state) {
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

  #content(bytes: Buffer, offset: number): number {
    const end = this.#state === 'close' ? bytes.length : Math.min(bytes.length, offset + this.#left)
    const isWhole = offset === 0 && end === bytes.length
    const isLast = this.#state !== 'close' && end - offset === this.#left
    this.#left -= end - offset
    if (isLast && this.#state === 'chunk') this.#state = 'chunk cr'
    if (!this.#events.data(isWhole ? bytes : bytes.subarray(offset, end))) this.#isPaused = true
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
