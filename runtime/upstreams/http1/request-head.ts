import { flat } from '../../flat.ts'
import { beginLine, isFieldText, isToken } from '../../http1/index.ts'
import type { OutgoingFields, OutgoingHead } from '../contract.ts'
import { isTarget } from '../target.ts'

/** How a request's body is framed: as its fields announce it. */
export type BodyFraming = 'none' | 'length' | 'chunked'

export interface WrittenHead {
  /** latin1, with the empty line. */
  text: string
  framing: BodyFraming
  /** Announced bytes. */
  length: number
}

/**
 * Writes a request's head.
 * @returns the head, or why it cannot be sent: it would not be read as what was meant
 * @see RFC 9112 §3 (request line), §6 (framing)
 */
export function writeHead({ method, target, headers, fields, hasBody }: OutgoingHead): WrittenHead | string {
  if (!isToken(method)) return 'the method is no token'
  if (!isTarget(target)) return 'the target has a character that ends it'
  const own = writeLines(headers)
  if (typeof own === 'string') return own
  const kept = fields === undefined ? NO_LINES : linesOf(fields)
  if (typeof kept === 'string') return kept
  if (own.length !== -1 && kept.length !== -1) return 'Content-Length is there twice'
  const chunked = own.chunked || kept.chunked
  const length = Math.max(own.length, kept.length)
  if (chunked && length !== -1) return 'the request has two framings'
  if (hasBody !== (chunked || length > 0)) return 'the framing does not fit the body'
  return {
    text: `${method} ${target} HTTP/1.1\r\n${own.text}${kept.text}\r\n`,
    framing: chunked ? 'chunked' : hasBody ? 'length' : 'none',
    length: Math.max(0, length),
  }
}

/** Lines of fields, and what they say of the framing. */
interface Lines {
  text: string
  /** -1 where none was announced. */
  length: number
  chunked: boolean
}

const NO_LINES: Lines = { text: '', length: -1, chunked: false }

/** @returns what is wrong with them where they cannot be sent */
function linesOf(fields: OutgoingFields): Lines | string {
  const known = fields.written
  if (known !== undefined) return known as Lines | string
  const lines = writeLines(fields.list)
  if (typeof lines === 'object' && fields.isKept) lines.text = flat(lines.text)
  fields.written = lines
  return lines
}

function writeLines(headers: readonly string[]): Lines | string {
  const lines: Lines = { text: '', length: -1, chunked: false }
  let text = ''
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    const value = headers[index + 1] ?? ''
    const begun = beginLine(name)
    if (begun === undefined) return 'a header name is no token'
    if (!isFieldText(value)) return `the value of ${name} is none`
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (lines.length !== -1 || !/^\d{1,15}$/.test(value)) return 'Content-Length is not one decimal number'
      lines.length = Number(value)
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (lines.chunked || value.toLowerCase() !== 'chunked') return 'Transfer-Encoding is not chunked'
      lines.chunked = true
    }
    text += `${begun}${value}\r\n`
  }
  lines.text = text
  return lines
}

/**
 * Writes trailer fields.
 * @returns the last chunk with them; undefined when one cannot be sent
 * @see RFC 9112 §7.1.2
 */
export function writeTrailers(trailers: readonly string[]): string | undefined {
  let text = '0\r\n'
  for (let index = 0; index < trailers.length; index += 2) {
    const name = trailers[index] ?? ''
    const value = trailers[index + 1] ?? ''
    if (!isToken(name) || !isFieldText(value)) return undefined
    text += `${name}: ${value}\r\n`
  }
  return `${text}\r\n`
}
