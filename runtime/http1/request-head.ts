import { tokenEnd } from './characters.ts'
import { readRequestFields, type RequestFields } from './request-fields.ts'

const SPACE = 0x20
const DELETE = 0x7f

/** A request's line, and its fields. */
export interface RequestHead {
  method: string
  /** As it stands there: its form is not looked at. */
  target: string
  /** `1.1`, or whatever the line says. */
  version: string
  fields: RequestFields
}

/**
 * Reads a request's head.
 * @param text latin1, each line with its CRLF, without the empty line at the end
 * @param before the fields of the request before
 * @returns undefined where it is none: a byte that two readers could understand in two ways
 * @see RFC 9112 §3 (request line)
 */
export function parseRequestHead(text: string, before: RequestFields | undefined): RequestHead | undefined {
  const methodEnd = tokenEnd(text, 0)
  const targetEnd = visibleEnd(text, methodEnd + 1)
  if (methodEnd === 0 || text.charCodeAt(methodEnd) !== SPACE) return undefined
  if (targetEnd === methodEnd + 1 || text.charCodeAt(targetEnd) !== SPACE) return undefined
  const version = versionAt(text, targetEnd + 1)
  if (version === undefined) return undefined
  const fields = readRequestFields(text.slice(targetEnd + 11), version, before)
  if (fields === undefined) return undefined
  return { method: text.slice(0, methodEnd), target: text.slice(methodEnd + 1, targetEnd), version, fields }
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
