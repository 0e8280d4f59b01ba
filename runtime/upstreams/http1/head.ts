import { fieldTextEnd, type Framing, parseFields } from '../../http1/index.ts'
import type { AnswerHead } from '../contract.ts'

/** An answer's head with what it says about its connection. */
export interface ParsedHead extends Omit<AnswerHead, 'isWhole' | 'framing'> {
  framing: Framing
  /** Of the content, where the framing is `length`. */
  length: number
  /** Another request may follow on the connection. */
  reusable: boolean
  /** How long the upstream keeps an idle connection (Keep-Alive: timeout), in seconds; undefined when it does not say. */
  keepAliveSeconds: number | undefined
}

/**
 * Reads an answer's head.
 * @param text latin1, each line with its CRLF, without the empty line at the end
 * @param method of the request that it answers
 * @returns the head, or what is wrong with it
 * @see RFC 9112 §4 (status line), §6.3 (framing)
 */
export function parseHead(text: string, method: string): ParsedHead | string {
  const lineEnd = fieldTextEnd(text, 0)
  const minor = text.charCodeAt(7) - 0x30
  const status = statusOf(text, lineEnd)
  if (status === 0 || (minor !== 0 && minor !== 1)) return 'the status line is none'
  const headers = parseFields(text, lineEnd + 2)
  if (headers === undefined) return 'a header field is malformed, or there are too many'
  const said = readFraming(headers)
  if (typeof said === 'string') return said
  if (said.chunked && minor === 0) return 'an HTTP/1.0 answer has a transfer coding'
  const framing = framingOf(method, status, said)
  const reusable = minor === 1 && !said.close && framing !== 'close'
  const statusText = text.slice(13, lineEnd)
  return {
    status,
    statusText,
    headers,
    framing,
    length: said.length,
    reusable,
    keepAliveSeconds: said.keepAliveSeconds,
  }
}

/** @returns 0 when the line is not `HTTP/1.x ddd [text]` */
function statusOf(text: string, lineEnd: number): number {
  if (!text.startsWith('HTTP/1.') || text.charCodeAt(8) !== 0x20 || lineEnd < 12) return 0
  // Some servers leave out the space before an empty reason, which changes nothing.
  if (lineEnd > 12 && text.charCodeAt(12) !== 0x20) return 0
  if (text.charCodeAt(lineEnd) !== 0x0d || text.charCodeAt(lineEnd + 1) !== 0x0a) return 0
  let status = 0
  for (let index = 9; index < 12; index += 1) {
    const digit = text.charCodeAt(index) - 0x30
    if (digit < 0 || digit > 9) return 0
    status = status * 10 + digit
  }
  return status < 100 ? 0 : status
}

interface Said {
  /** -1 where no length was announced. */
  length: number
  chunked: boolean
  close: boolean
  keepAliveSeconds: number | undefined
}

function readFraming(headers: readonly string[]): Said | string {
  const said: Said = { length: -1, chunked: false, close: false, keepAliveSeconds: undefined }
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    // Nearly all names are told apart by their length alone.
    if (name.length !== 10 && name.length !== 14 && name.length !== 17) continue
    const value = headers[index + 1] ?? ''
    switch (name.toLowerCase()) {
      case 'content-length':
        if (said.length !== -1 || !/^\d{1,15}$/.test(value)) return 'Content-Length is not one decimal number'
        said.length = Number(value)
        break
      case 'transfer-encoding':
        if (said.chunked || value.toLowerCase() !== 'chunked') return 'a transfer coding came that nobody asked for'
        said.chunked = true
        break
      case 'connection':
        said.close ||= value !== 'keep-alive' && /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(value)
        break
      case 'keep-alive':
        said.keepAliveSeconds = keepAliveSeconds(value)
        break
    }
  }
  return said.chunked && said.length !== -1 ? 'the answer has two framings' : said
}

function framingOf(method: string, status: number, { length, chunked }: Said): Framing {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 'none'
  if (chunked) return 'chunked'
  return length === -1 ? 'close' : 'length'
}

/** @see https://datatracker.ietf.org/doc/html/draft-thomson-hybi-http-timeout-03 §2 */
function keepAliveSeconds(value: string): number | undefined {
  const seconds = /(?:^|[,\s])timeout=(\d{1,9})(?:$|[,\s])/i.exec(value)?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}
