import { fieldTextEnd, tokenEnd } from './characters.ts'

/** Of one field section. */
const MAX_FIELDS = 500

const CR = 0x0d
const LF = 0x0a
const COLON = 0x3a

/**
 * Reads the lines of a field section.
 * @param text latin1, each line with its CRLF, without the empty line after the last one
 * @param start where the first line begins
 * @returns name, value, name, value; undefined when a line is none: folded, with a space before the colon, with a bare CR or LF
 * @see RFC 9112 §5
 */
export function parseFields(text: string, start: number): string[] | undefined {
  const fields: string[] = []
  let index = start
  while (index < text.length) {
    const nameEnd = tokenEnd(text, index)
    if (nameEnd === index || text.charCodeAt(nameEnd) !== COLON || fields.length >= MAX_FIELDS * 2) return undefined
    const lineEnd = fieldTextEnd(text, nameEnd + 1)
    if (text.charCodeAt(lineEnd) !== CR || text.charCodeAt(lineEnd + 1) !== LF) return undefined
    let from = nameEnd + 1
    let to = lineEnd
    while (from < to && isBlank(text.charCodeAt(from))) from += 1
    while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1
    fields.push(text.slice(index, nameEnd), text.slice(from, to))
    index = lineEnd + 2
  }
  return fields
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
