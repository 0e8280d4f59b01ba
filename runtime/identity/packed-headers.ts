import { flat } from '../flat.ts'
import type { Header } from './claim-headers.ts'
import { ASSERTION_HEADER } from './header-names.ts'

/** Of the characters of an assertion's claims, and of those with the signature's, before them. */
const LENGTHS_BYTES = 4
const MAX_LENGTH = 2 ** 16 - 1

/**
 * Writes what an app is sent of somebody into few bytes, where it is an assertion alone: without the JOSE header, which all
 * assertions of a signer have in front, and six bits for each character of what follows it (RFC 7515 §7.1).
 */
export class HeaderPacker {
  /** With its dot; empty until the first assertion was seen. */
  #begin = ''

  /** @returns undefined where it is more, or written in another way */
  pack(headers: readonly Header[]): Buffer | undefined {
    const [first] = headers
    if (headers.length !== 1 || first?.[0] !== ASSERTION_HEADER) return undefined
    const [, token] = first
    const [header = '', claims = '', signature = ''] = token.split('.')
    if (this.#begin === '') this.#begin = flat(`${header}.`)
    const text = claims + signature
    if (text.length > MAX_LENGTH) return undefined
    const lengths = Buffer.alloc(LENGTHS_BYTES)
    lengths.writeUInt16LE(claims.length)
    lengths.writeUInt16LE(text.length, 2)
    // Four characters are three bytes.
    const packed = Buffer.concat([lengths, Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, 'A'), 'base64url')])
    return this.unpack(packed, 0, packed.length)[0]?.[1] === token ? packed : undefined
  }

  /** @param bytes has what `pack` gave from `start` to `end` */
  unpack(bytes: Buffer, start: number, end: number): readonly Header[] {
    const [claims, length] = [bytes.readUInt16LE(start), bytes.readUInt16LE(start + 2)]
    const text = bytes.toString('base64url', start + LENGTHS_BYTES, end)
    return [[ASSERTION_HEADER, `${this.#begin}${text.slice(0, claims)}.${text.slice(claims, length)}`]]
  }
}
