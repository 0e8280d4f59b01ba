/** A record lies in one of them. */
const SEGMENT_BYTES = 256 * 1024

/** Memory with room for records, each at a multiple of eight. */
class Segment {
  readonly bytes = Buffer.allocUnsafeSlow(SEGMENT_BYTES)
  readonly doubles = new Float64Array(this.bytes.buffer)
  readonly words = new Int32Array(this.bytes.buffer)
  used = 0
}

/**
 * Records in the order in which they came, outside of the heap, where the garbage collector does not visit them. Those that came
 * first go first. A position says for ever which record it is, also when that is gone.
 */
export class Records {
  static readonly MAX_BYTES = SEGMENT_BYTES
  readonly #segments: Segment[] = []
  /** Segments that went before. */
  #gone = 0
  /** Position of the first record that is there. */
  #oldest = 0

  /** @returns the first record's position; undefined where there is none */
  get oldest(): number | undefined {
    return this.#isFirstRead() ? undefined : this.#oldest
  }

  has(position: number): boolean {
    return position >= this.#oldest
  }

  /**
   * Makes room for a record, which is not empty: nothing is known of what is in it.
   * @param length of bytes, at most MAX_BYTES
   * @returns its position
   */
  append(length: number): number {
    const size = rounded(length)
    let segment = this.#segments.at(-1)
    if (segment === undefined || segment.used + size > SEGMENT_BYTES) {
      segment = new Segment()
      this.#segments.push(segment)
      this.#skip()
    }
    const position = (this.#gone + this.#segments.length - 1) * SEGMENT_BYTES + segment.used
    segment.used += size
    return position
  }

  /** @param position of a record that is there */
  segmentOf(position: number): Segment {
    const segment = this.#segments[Math.floor(position / SEGMENT_BYTES) - this.#gone]
    if (segment === undefined) throw new RangeError('there is no such record')
    return segment
  }

  /** @returns where in its segment a record begins, in bytes */
  static offsetOf(position: number): number {
    return position % SEGMENT_BYTES
  }

  /** @param length of the first record, which goes */
  dropOldest(length: number): void {
    this.#oldest += rounded(length)
    this.#skip()
  }

  clear(): void {
    this.#gone += this.#segments.length
    this.#oldest = this.#gone * SEGMENT_BYTES
    this.#segments.length = 0
  }

  /** Lets a segment go of which every record has gone, but for the one that is written to. */
  #skip(): void {
    if (this.#segments.length === 1 || !this.#isFirstRead()) return
    this.#segments.shift()
    this.#gone += 1
    this.#oldest = this.#gone * SEGMENT_BYTES
  }

  #isFirstRead(): boolean {
    return this.#oldest - this.#gone * SEGMENT_BYTES >= (this.#segments[0]?.used ?? 0)
  }
}

function rounded(length: number): number {
  return Math.ceil(length / 8) * 8
}
