import type { Header } from './claim-headers.ts'
import { ASSERTION_HEADER } from './header-names.ts'

/** What an app is sent of somebody, in little memory: mostly the assertion alone, without what all have in front. */
export type PackedHeaders = string | readonly Header[]

/** Packs headers of one signer, whose assertions all begin with the same JOSE header (RFC 7515 §7.1). */
export class HeaderPacker {
  /** With its dot; empty until the first assertion was seen. */
  #begin = ''

  pack(headers: readonly Header[]): PackedHeaders {
    const [first] = headers
    if (headers.length !== 1 || first?.[0] !== ASSERTION_HEADER) return headers
    const [, token] = first
    if (this.#begin === '') this.#begin = flat(token.slice(0, token.indexOf('.') + 1))
    return token.startsWith(this.#begin) ? flat(token.slice(this.#begin.length)) : headers
  }

  unpack(packed: PackedHeaders): readonly Header[] {
    return typeof packed === 'string' ? [[ASSERTION_HEADER, this.#begin + packed]] : packed
  }
}

/** One text in memory, and not a part of a longer one or the many that it was put together from. */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
