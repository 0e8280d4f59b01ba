import { flat } from '../flat.ts'
import type { Header } from './claim-headers.ts'
import { ASSERTION_HEADER } from './header-names.ts'

/** Of the length of an assertion's claims. */
const LENGTH_BYTES = 2

/**
 * Writes what an app is sent of somebody into few bytes, where it is an assertion alone: without the JOSE header, which all
 * assertions of a signer have in front, and decoded (RFC 7515 §7.1).
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
    const [decoded, proof] = [Buffer.from(claims, 'base64url'), Buffer.from(signature, 'base64url')]
    const length = Buffer.alloc(LENGTH_BYTES)
    if (decoded.length >= 2 ** (8 * LENGTH_BYTES)) return undefined
    length.writeUInt16LE(decoded.length)
    const packed = Buffer.concat([length, decoded, proof])
    return this.unpack(packed, 0, packed.length)[0]?.[1] === token ? packed : undefined
  }

  /** @param bytes has what `pack` gave from `start` to `end` */
  unpack(bytes: Buffer, start: number, end: number): readonly Header[] {
    const claims = start + LENGTH_BYTES
    const signature = claims + bytes.readUInt16LE(start)
    const text = `${bytes.toString('base64url', claims, signature)}.${bytes.toString('base64url', signature, end)}`
    return [[ASSERTION_HEADER, this.#begin + text]]
  }
}
