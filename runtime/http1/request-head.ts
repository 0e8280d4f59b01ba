import { tokenEnd } from './characters.ts'
import { parseFields } from './fields.ts'

const SPACE = 0x20
const DELETE = 0x7f

/** A request's line and fields, with what they say about its connection. */
export interface RequestHead {
  method: string
  /** As it stands there: its form is not looked at. */
  target: string
  /** `1.1`, or whatever the line says. */
  version: string
  /** Name, value, name, value, as they came. */
  fields: string[]
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
 * Reads a request's head.
 * @param text latin1, each line with its CRLF, without the empty line at the end
 * @returns undefined where it is none: a byte that two readers could understand in two ways
 * @see RFC 9112 §3 (request line), §5 (fields), §6.3 (framing), §9.3 (persistence)
 */
export function parseRequestHead(text: string): RequestHead | undefined {
  const methodEnd = tokenEnd(text, 0)
  const targetEnd = visibleEnd(text, methodEnd + 1)
  if (methodEnd === 0 || text.charCodeAt(methodEnd) !== SPACE) return undefined
  if (targetEnd === methodEnd + 1 || text.charCodeAt(targetEnd) !== SPACE) return undefined
  const version = versionAt(text, targetEnd + 1)
  if (version === undefined) return undefined
  const fields = parseFields(text, targetEnd + 11)
  if (fields === undefined) return undefined
  return {
    method: text.slice(0, methodEnd),
    target: text.slice(methodEnd + 1, targetEnd),
    version,
    fields,
    ...readConnection(fields, version),
  }
}

/** Whatever is no blank and no control character: which of them a target may have is the gateway's to say. */
function visibleEnd(text: string, start: number): number {
  let index = start
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code <= SPACE || code === DELETE) break
  }
  return index
}

/** @returns `1.1` of `HTTP/1.1` and a line end; undefined where something else stands there */
function versionAt(text: string, start: number): string | undefined {
  if (text.startsWith('HTTP/1.1\r\n', start)) return '1.1'
  if (!text.startsWith('HTTP/', start) || !text.startsWith('\r\n', start + 8)) return undefined
  const version = text.slice(start + 5, start + 8)
  return /^\d\.\d$/.test(version) ? version : undefined
}

const NAME_LENGTHS: readonly boolean[] = Array.from({ length: 18 }, (_, length) =>
  ['connection', 'content-length', 'expect', 'transfer-encoding', 'upgrade'].some((name) => name.length === length),
)

type Said = Pick<RequestHead, 'framing' | 'length' | 'keepsConnection' | 'expects'>

function readConnection(fields: readonly string[], version: string): Said {
  let length: string | undefined
  let coding: string | undefined
  let connection = ''
  let isUnclear = false
  let hasUpgrade = false
  let expects = false
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? ''
    // Nearly all names are told apart by their length alone.
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
  const framing = isUnclear ? UNCLEAR : framingOf(length, coding, version)
  // What follows an upgrade that is not taken up may be written in the other protocol already.
  const keeps = !hasUpgrade && framing !== UNCLEAR && keepsConnection(connection, version)
  return { framing: framing.framing, length: framing.length, keepsConnection: keeps, expects }
}

const UNCLEAR = { framing: 'unclear', length: 0 } as const
const NO_BODY = { framing: 'none', length: 0 } as const
const CHUNKED = { framing: 'chunked', length: 0 } as const

function framingOf(
  length: string | undefined,
  coding: string | undefined,
  version: string,
): Pick<RequestHead, 'framing' | 'length'> {
  if (coding !== undefined) {
    return length === undefined && version === '1.1' && coding.toLowerCase() === 'chunked' ? CHUNKED : UNCLEAR
  }
  if (length === undefined || length === '0') return NO_BODY
  if (!/^\d{1,15}$/.test(length)) return UNCLEAR
  const bytes = Number(length)
  return bytes === 0 ? NO_BODY : { framing: 'length', length: bytes }
}

function keepsConnection(connection: string, version: string): boolean {
  if (version === '1.1') return connection === '' || !/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(connection)
  return version === '1.0' && /(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/i.test(connection)
}
