import { STATUS_CODES } from 'node:http'

import { isFieldText } from './characters.ts'
import { beginLine } from './field-line.ts'
import { SERVER_LIMITS } from './limits.ts'

/** What an answer's head is written from. */
export interface ResponseHead {
  status: number
  /** Undefined for the usual one. */
  statusText: string | undefined
  /** Name, value, name, value. */
  headers: readonly string[]
  /** Of the request. */
  method: string
  version: string
  /** Another request may follow, as far as the request and the connection are concerned. */
  keepsConnection: boolean
}

/** A head that can be sent, and how its content is to be. */
export interface WrittenResponseHead {
  /** latin1, with the empty line. */
  text: string
  framing: 'none' | 'length' | 'chunked' | 'close'
  /** Announced bytes, where the framing is `length`. */
  length: number
  keepsConnection: boolean
}

const KEPT = `Connection: keep-alive\r\nKeep-Alive: timeout=${SERVER_LIMITS.keepAliveSaidSeconds}\r\n`
const CLOSED = 'Connection: close\r\n'

/**
 * Writes an answer's head: its fields in their order and spelling, then Date where it has none, and what is to be said about the
 * connection and the content.
 * @throws TypeError when it cannot be written as HTTP
 * @see RFC 9112 §4 (status line), §6 (framing), §9.3 (persistence); RFC 9110 §6.6.1 (Date)
 */
export function writeResponseHead(head: ResponseHead): WrittenResponseHead {
  const { status, headers, method, version } = head
  if (status < 200) throw new TypeError(`${status} ends no exchange`)
  const said = { length: -1, hasDate: false, isClosing: !head.keepsConnection }
  let text = statusLine(status, head.statusText) + fieldLines(headers, said)
  if (!said.hasDate) text += `Date: ${dateNow()}\r\n`
  const hasNone = method === 'HEAD' || status === 204 || status === 304
  const framing = hasNone ? 'none' : said.length !== -1 ? 'length' : version === '1.1' ? 'chunked' : 'close'
  const keepsConnection = !said.isClosing && framing !== 'close'
  if (framing === 'chunked') text += 'Transfer-Encoding: chunked\r\n'
  text += keepsConnection ? KEPT : CLOSED
  return { text: `${text}\r\n`, framing, length: Math.max(0, said.length), keepsConnection }
}

/**
 * Writes an informational answer.
 * @param headers name, value, name, value
 * @throws TypeError when it cannot be written as HTTP
 */
export function writeInformation(status: number, headers: readonly string[]): string {
  const said = { length: -1, hasDate: false, isClosing: false }
  return `${statusLine(status, undefined)}${fieldLines(headers, said)}\r\n`
}

/**
 * Writes the end of a content in chunks.
 * @param trailers name, value, name, value
 * @throws TypeError when they cannot be written as HTTP
 */
export function writeLastChunk(trailers: readonly string[]): string {
  if (trailers.length === 0) return '0\r\n\r\n'
  return `0\r\n${fieldLines(trailers, { length: -1, hasDate: false, isClosing: false })}\r\n`
}

function statusLine(status: number, statusText = STATUS_CODES[status] ?? ''): string {
  if (status === 200 && statusText === 'OK') return 'HTTP/1.1 200 OK\r\n'
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new TypeError(`${status} is no status`)
  if (!isFieldText(statusText)) throw new TypeError('the reason phrase is none')
  return `HTTP/1.1 ${status} ${statusText}\r\n`
}

interface Said {
  /** -1 where none was announced. */
  length: number
  hasDate: boolean
  isClosing: boolean
}

/** What is said about the connection is ours to say, and is left out. */
function fieldLines(headers: readonly string[], said: Said): string {
  let text = ''
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    const value = headers[index + 1] ?? ''
    const begun = beginLine(name)
    if (begun === undefined) throw new TypeError('a field name is no token')
    if (!isFieldText(value)) throw new TypeError(`the value of ${name} is none`)
    // Nearly all names are told apart by their length alone.
    switch (name.length) {
      case 4:
        said.hasDate ||= name.toLowerCase() === 'date'
        break
      case 10:
        if (name.toLowerCase() !== 'connection') break
        said.isClosing ||= value.toLowerCase() === 'close'
        continue
      case 14:
        if (name.toLowerCase() === 'content-length') said.length = lengthOf(value, said.length)
        break
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') throw new TypeError('the framing is not the caller’s to say')
        break
    }
    text += `${begun}${value}\r\n`
  }
  return text
}

function lengthOf(value: string, before: number): number {
  if (before !== -1 || !/^\d{1,15}$/.test(value)) throw new TypeError('Content-Length is not one decimal number')
  return Number(value)
}

let dateSecond = 0
let dateText = ''

function dateNow(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (second !== dateSecond) {
    dateSecond = second
    dateText = new Date(second * 1_000).toUTCString()
  }
  return dateText
}
