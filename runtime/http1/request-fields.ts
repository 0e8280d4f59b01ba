import type { IncomingHttpHeaders } from 'node:http'

import { isContentLength } from '../wire/index.ts'
import { parseFields } from './fields.ts'
import { headersOf } from './headers.ts'

/** What fields say about a request's connection and body. */
interface Said {
  /** How the end of the body is known; `unclear` where two readers could disagree (RFC 9112 §6.3): of what follows, nothing may be read. */
  framing: 'none' | 'length' | 'chunked' | 'unclear'
  /** Of the body, in bytes, where the framing is `length`. */
  length: number
  /** Another request may follow. */
  keepsConnection: boolean
  /** The client may wait for `100 Continue` before it sends its body (RFC 9110 §10.1.1). */
  expects: boolean
}

/**
 * The fields of a request. A client sends the same ones again and again on its connection: what was made of them is kept with them
 * until others come, and what they mean is worked out once.
 */
export class RequestFields implements Said {
  /** Name, value, name, value, as they came. */
  readonly raw: string[]
  readonly framing: Said['framing']
  readonly length: number
  readonly keepsConnection: boolean
  readonly expects: boolean
  /** They have come before: it is worth keeping what is made of them. */
  isRepeated = false
  /** The wire checks found nothing wrong with them. */
  isClean = false
  /** What somebody has made of them, for themselves. */
  made: unknown
  readonly #text: string
  readonly #version: string
  #headers: IncomingHttpHeaders | undefined

  constructor(text: string, version: string, raw: string[], said: Said) {
    this.#text = text
    this.#version = version
    this.raw = raw
    this.framing = said.framing
    this.length = said.length
    this.keepsConnection = said.keepsConnection
    this.expects = said.expects
  }

  /** Values by name in lower case; those of one name as Node joins them. */
  get headers(): IncomingHttpHeaders {
    return (this.#headers ??= headersOf(this.raw))
  }

  /** Whether a request with this text would have the same ones. */
  isOf(text: string, version: string): boolean {
    return this.#text === text && this.#version === version
  }
}

/**
 * Reads the fields of a request.
 * @param text latin1, each line with its CRLF, without the empty one
 * @param version of the request, such as `1.1`
 * @param before those of the request before
 * @returns undefined where a byte stands that two readers could understand in two ways
 * @see RFC 9112 §5 (fields), §6.3 (framing), §9.3 (persistence)
 */
export function readRequestFields(
  text: string,
  version: string,
  before: RequestFields | undefined,
): RequestFields | undefined {
  if (before?.isOf(text, version) === true) {
    before.isRepeated = true
    return before
  }
  const raw = parseFields(text, 0)
  return raw === undefined ? undefined : new RequestFields(text, version, raw, readSaid(raw, version))
}

const CONNECTION_NAMES = ['connection', 'content-length', 'expect', 'transfer-encoding', 'upgrade']

/** Nearly all names are told apart by their length alone. */
const NAME_LENGTHS: readonly boolean[] = Array.from({ length: 32 }, (_, length) =>
  CONNECTION_NAMES.some((name) => name.length === length),
)

function readSaid(fields: readonly string[], version: string): Said {
  let length: string | undefined
  let coding: string | undefined
  let connection = ''
  let isUnclear = false
  let hasUpgrade = false
  let expects = false
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? ''
    if (NAME_LENGTHS[name.length] !== true) continue
    const value = fields[index + 1] ?? ''
    switch (name.toLowerCase()) {
      case 'content-length':
        isUnclear ||= length !== undefined
        length = value
        break
      case 'transfer-encoding':
        isUnclear ||= coding !== undefined
        coding = value
        break
      case 'connection':
        connection = connection === '' ? value : `${connection}, ${value}`
        break
      case 'expect':
        expects = true
        break
      case 'upgrade':
        hasUpgrade = true
        break
    }
  }
  const body = isUnclear ? UNCLEAR : bodyOf(length, coding, version)
  // What follows an upgrade that is not taken up may be written in the other protocol already.
  const keepsConnection = !hasUpgrade && body !== UNCLEAR && keeps(connection, version)
  return { framing: body.framing, length: body.length, keepsConnection, expects }
}

type Body = Pick<Said, 'framing' | 'length'>

const UNCLEAR: Body = { framing: 'unclear', length: 0 }
const NO_BODY: Body = { framing: 'none', length: 0 }
const CHUNKED: Body = { framing: 'chunked', length: 0 }

function bodyOf(length: string | undefined, coding: string | undefined, version: string): Body {
  if (coding !== undefined) {
    return length === undefined && version === '1.1' && coding.toLowerCase() === 'chunked' ? CHUNKED : UNCLEAR
  }
  if (length === undefined) return NO_BODY
  if (!isContentLength(length)) return UNCLEAR
  const bytes = Number(length)
  return bytes === 0 ? NO_BODY : { framing: 'length', length: bytes }
}

function keeps(connection: string, version: string): boolean {
  if (version === '1.1') return connection === '' || !/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(connection)
  return version === '1.0' && /(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/i.test(connection)
}
