const END = Buffer.from('\r\n\r\n')
const CR = 0x0d
const LF = 0x0a

/** Gathers the bytes of a field section until its empty line, however they are cut. */
export class SectionReader {
  /** What ended here, each line with its CRLF, without the empty one. */
  text = ''
  problem: string | undefined
  /** What the problem is. */
  isTooLarge = false
  #bytes: Buffer | undefined
  #length = 0
  readonly #maxBytes: number
  readonly #first: Buffer

  /**
   * @param maxBytes before the empty line
   * @param first counts as read before each section, such as the CRLF before trailers
   */
  constructor(maxBytes: number, first = '') {
    this.#maxBytes = maxBytes
    this.#first = Buffer.from(first)
  }

  /**
   * Takes bytes up to the empty line.
   * @returns where the bytes after it begin; -1 when all were taken and it has not come, or there is a `problem`
   */
  take(bytes: Buffer, offset: number): number {
    if (this.#bytes === undefined && this.#first.length === 0) {
      const end = bytes.indexOf(END, offset)
      if (end !== -1) return this.#found(bytes, offset, end)
    }
    return this.#gather(bytes, offset)
  }

  #found(bytes: Buffer, from: number, end: number): number {
    if (end - from > this.#maxBytes) return this.#tooLarge()
    this.text = bytes.toString('latin1', from, end + 2)
    return end + 4
  }

  /** What is kept grows by doubling and is searched from its end, so that single bytes cost no more than their number. */
  #gather(bytes: Buffer, offset: number): number {
    let kept = this.#bytes
    if (kept === undefined) {
      kept = Buffer.allocUnsafe(1_024)
      this.#length = this.#first.copy(kept)
    }
    const before = this.#length
    const taken = Math.min(bytes.length - offset, this.#maxBytes + END.length - before)
    if (kept.length < before + taken) {
      const grown = Buffer.allocUnsafe(Math.max(kept.length * 2, before + taken))
      kept.copy(grown, 0, 0, before)
      kept = grown
    }
    bytes.copy(kept, before, offset, offset + taken)
    this.#bytes = kept
    this.#length = before + taken
    const end = kept.subarray(0, this.#length).indexOf(END, Math.max(0, before - 3))
    if (end !== -1) {
      this.#bytes = undefined
      return this.#found(kept, this.#first.length, end) === -1 ? -1 : offset + end + END.length - before
    }
    if (this.#length >= this.#maxBytes + END.length) return this.#tooLarge()
    return hasBareLineEnd(kept, Math.max(0, before - 1), this.#length) ? this.#fail('a line end is not CRLF') : -1
  }

  #tooLarge(): -1 {
    this.isTooLarge = true
    return this.#fail('the head is too large')
  }

  #fail(problem: string): -1 {
    this.problem = problem
    return -1
  }

  /** The first bytes of a section that has not ended. */
  get begun(): string {
    return this.#bytes?.toString('latin1', 0, Math.min(this.#length, 7)) ?? ''
  }
}

/** Would never become a section; who sends it must not be waited for. */
function hasBareLineEnd(bytes: Buffer, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) {
    const byte = bytes[index]
    if (byte === LF && (index === 0 || bytes[index - 1] !== CR)) return true
    if (byte === CR && index + 1 < to && bytes[index + 1] !== LF) return true
  }
  return false
}
