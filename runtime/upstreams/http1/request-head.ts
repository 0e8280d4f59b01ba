import { beginLine, isFieldText, isToken } from '../../http1/index.ts'
import type { OutgoingHead } from '../contract.ts'

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
export function writeHead({ method, target, headers, hasBody }: OutgoingHead): WrittenHead | string {
  if (!isToken(method)) return 'the method is no token'
  if (!isTarget(target)) return 'the target has a character that ends it'
  let text = `${method} ${target} HTTP/1.1\r\n`
  let length = -1
  let chunked = false
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    const value = headers[index + 1] ?? ''
    const begun = beginLine(name)
    if (begun === undefined) return 'a header name is no token'
    if (!isFieldText(value)) return `the value of ${name} is none`
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (length !== -1 || !/^\d{1,15}$/.test(value)) return 'Content-Length is not one decimal number'
      length = Number(value)
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (chunked || value.toLowerCase() !== 'chunked') return 'Transfer-Encoding is not chunked'
      chunked = true
    }
    text += `${begun}${value}\r\n`
  }
  if (chunked && length !== -1) return 'the request has two framings'
  if (hasBody !== (chunked || length > 0)) return 'the framing does not fit the body'
  return {
    text: `${text}\r\n`,
    framing: chunked ? 'chunked' : hasBody ? 'length' : 'none',
    length: Math.max(0, length),
  }
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

/** Of visible ASCII: a space or a line end would make two of it. */
function isTarget(target: string): boolean {
  for (let index = 0; index < target.length; index += 1) {
    const code = target.charCodeAt(index)
    if (code <= 0x20 || code >= 0x7f) return false
  }
  return target !== ''
}
