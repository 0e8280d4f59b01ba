/**
 * A reader of HTTP/1.1 as naive and as strict as it can be: what the proxy does is held against this, so it shares nothing
 * with it. Bytes are latin1 text here.
 * @see RFC 9112
 */

/** A field as it stood, spelling included. */
export type Field = readonly [name: string, value: string]

/** One message, or what came of it. */
export interface Message {
  /** Request line or status line. */
  start: string
  fields: Field[]
  body: string
  trailers: Field[]
  /** False for the last one of a stream that was cut. */
  complete: boolean
  /** Its bytes as they came. */
  raw: string
}

/** What a stream of bytes holds. */
export interface Reading {
  messages: Message[]
  /** Where the first byte stands that no message has. */
  end: number
  /** Why reading stopped before the end of the bytes; `undefined` when it did not. */
  stopped: 'incomplete' | 'malformed' | undefined
}

/** How a message's content ends. */
export type Framing = 'none' | 'chunked' | 'close' | number | 'malformed'

const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/s
const TEXT = /^[\t\x20-\x7e\x80-\xff]*$/

/** All values of a field, in the order of their lines. */
export function valuesOf({ fields }: Pick<Message, 'fields'>, name: string): string[] {
  return fields.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
}

/** Reads requests one after the other, up to the first one that is not beyond doubt. */
export function readRequests(text: string): Reading {
  return readMessages(text, (head) => requestFraming(head))
}

/**
 * Reads answers; informational ones are messages of their own.
 * @param methods of the requests that they answer, in order
 * @param closed whether the connection has ended
 */
export function readAnswers(text: string, methods: readonly string[], closed: boolean): Reading {
  let answered = 0
  return readMessages(
    text,
    (head) => {
      const status = statusOf(head.start)
      if (status === 0) return 'malformed'
      if (status < 200) return status === 101 ? 'close' : 'none'
      const framing = answerFraming(head, methods[answered] ?? 'GET', status)
      answered += 1
      return framing
    },
    closed,
  )
}

/** @returns the status of a status line; 0 when it is none */
export function statusOf(start: string): number {
  return Number(/^HTTP\/1\.[01] ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/.exec(start)?.[1] ?? 0)
}

function readMessages(text: string, framingOf: (head: Head) => Framing, closed = false): Reading {
  const messages: Message[] = []
  let at = 0
  while (at < text.length) {
    // Empty lines before a start line are nothing (RFC 9112 §2.2).
    const empty = /^\r?\n/.exec(text.slice(at, at + 2))
    if (empty) {
      at += empty[0].length
      continue
    }
    const head = readHead(text, at)
    if (typeof head === 'string') return { messages, end: at, stopped: head }
    const framing = framingOf(head)
    if (framing === 'malformed') return { messages, end: at, stopped: 'malformed' }
    const content = readContent(text, head.end, framing, closed)
    const raw = text.slice(at, content.end)
    const { body, trailers, stopped } = content
    messages.push({ start: head.start, fields: head.fields, body, trailers, complete: stopped === undefined, raw })
    if (stopped !== undefined) return { messages, end: content.end, stopped }
    at = content.end
  }
  return { messages, end: at, stopped: undefined }
}

interface Head {
  start: string
  fields: Field[]
  end: number
}

function readHead(text: string, at: number): Head | 'incomplete' | 'malformed' {
  const end = text.indexOf('\r\n\r\n', at)
  if (end < 0) return 'incomplete'
  const [start = '', ...lines] = text.slice(at, end).split('\r\n')
  const fields = readFields(lines)
  if (fields === undefined || !TEXT.test(start)) return 'malformed'
  return { start, fields, end: end + 4 }
}

function readFields(lines: readonly string[]): Field[] | undefined {
  const fields: Field[] = []
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? []
    if (name === '' || !TEXT.test(value)) return undefined
    fields.push([name, value])
  }
  return fields
}

function requestFraming(head: Head): Framing {
  // More than one space is read by some (RFC 9112 §3), and written by nobody.
  const [, version] = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ +[\x21-\x7e]+ HTTP\/(1\.[01])$/.exec(head.start) ?? []
  if (version === undefined) return 'malformed'
  const codings = valuesOf(head, 'transfer-encoding')
  const lengths = valuesOf(head, 'content-length')
  if (codings.length > 0) {
    const fit = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked' && lengths.length === 0
    return fit && version === '1.1' ? 'chunked' : 'malformed'
  }
  if (lengths.length === 0) return 'none'
  return lengths.length === 1 && /^\d{1,15}$/.test(lengths[0] ?? '') ? Number(lengths[0]) : 'malformed'
}

function answerFraming(head: Head, method: string, status: number): Framing {
  const codings = valuesOf(head, 'transfer-encoding')
  const lengths = new Set(valuesOf(head, 'content-length'))
  if (codings.length > 0 && (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked' || lengths.size > 0)) {
    return 'malformed'
  }
  if (lengths.size > 1 || [...lengths].some((length) => !/^\d{1,15}$/.test(length))) return 'malformed'
  if (method === 'HEAD' || status === 204 || status === 304) return 'none'
  if (codings.length > 0) return 'chunked'
  return lengths.size === 0 ? 'close' : Number([...lengths][0])
}

interface Content {
  body: string
  trailers: Field[]
  end: number
  stopped: Reading['stopped']
}

function readContent(text: string, at: number, framing: Exclude<Framing, 'malformed'>, closed: boolean): Content {
  if (framing === 'none') return { body: '', trailers: [], end: at, stopped: undefined }
  if (framing === 'chunked') return readChunks(text, at)
  if (framing === 'close') {
    return { body: text.slice(at), trailers: [], end: text.length, stopped: closed ? undefined : 'incomplete' }
  }
  const end = Math.min(text.length, at + framing)
  const stopped = end < at + framing ? 'incomplete' : undefined
  return { body: text.slice(at, end), trailers: [], end, stopped }
}

function readChunks(text: string, start: number): Content {
  let at = start
  let body = ''
  const stop = (stopped: Reading['stopped']): Content => ({ body, trailers: [], end: at, stopped })
  for (;;) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return stop('incomplete')
    const size = /^([0-9a-f]+)[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i.exec(text.slice(at, line))?.[1]
    if (size === undefined) return stop('malformed')
    const from = line + 2
    const length = Number.parseInt(size, 16)
    if (length === 0) return readTrailers(text, from, body)
    body += text.slice(from, from + length)
    if (text.length < from + length + 2) return stop('incomplete')
    at = from + length + 2
    if (text.slice(at - 2, at) !== '\r\n') return stop('malformed')
  }
}

function readTrailers(text: string, at: number, body: string): Content {
  if (text.startsWith('\r\n', at)) return { body, trailers: [], end: at + 2, stopped: undefined }
  const end = text.indexOf('\r\n\r\n', at)
  if (end < 0) return { body, trailers: [], end: at, stopped: 'incomplete' }
  const trailers = readFields(text.slice(at, end).split('\r\n'))
  return { body, trailers: trailers ?? [], end: end + 4, stopped: trailers ? undefined : 'malformed' }
}
