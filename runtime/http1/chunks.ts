/** Above it no size is believed. */
const MAX_SIZE_DIGITS = 12

/** Of one chunk; nobody reads them. */
const MAX_EXTENSION_BYTES = 1_024

const CR = 0x0d
const LF = 0x0a
const SEMICOLON = 0x3b
const TAB = 0x09
const DELETE = 0x7f

/**
 * Reads the line in front of a chunk, byte for byte as it comes.
 * @see RFC 9112 §7.1
 */
export class ChunkSizeReader {
  size = 0
  problem: string | undefined
  #state: 'size' | 'extension' | 'line feed' = 'size'
  #read = 0

  /**
   * Takes bytes up to the line's end.
   * @returns where the bytes after the line begin; -1 when all were taken and it has not ended, or there is a `problem`
   */
  take(bytes: Buffer, offset: number): number {
    for (let index = offset; index < bytes.length; index += 1) {
      if (this.#step(bytes[index] ?? 0)) return index + 1
      if (this.problem !== undefined) return -1
    }
    return -1
  }

  /** Begins with the next line. */
  reset(): void {
    this.size = 0
    this.#read = 0
    this.#state = 'size'
  }

  /** @returns whether the line has ended with this byte */
  #step(byte: number): boolean {
    if (this.#state === 'line feed') {
      if (byte !== LF) this.problem = 'the line of a chunk size does not end with CRLF'
      return byte === LF
    }
    if (byte === CR && (this.#state === 'extension' || this.#read > 0)) this.#state = 'line feed'
    else if (this.#state === 'size') this.#digit(byte)
    else this.#extension(byte)
    return false
  }

  #digit(byte: number): void {
    const digit = hexDigit(byte)
    if (byte === SEMICOLON && this.#read > 0) {
      this.#state = 'extension'
      this.#read = 0
    } else if (digit === -1 || this.#read >= MAX_SIZE_DIGITS) {
      this.problem = 'a chunk size is no hexadecimal number'
    } else {
      this.size = this.size * 16 + digit
      this.#read += 1
    }
  }

  #extension(byte: number): void {
    this.#read += 1
    const isText = byte === TAB || (byte >= 0x20 && byte !== DELETE)
    if (!isText || this.#read > MAX_EXTENSION_BYTES) this.problem = 'a chunk extension is malformed or too long'
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
