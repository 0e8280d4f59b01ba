import type { IncomingMessage } from 'node:http'

import { privateCacheControl } from './cache-control.ts'
import { setsOwnCookie } from './cookies.ts'
import type { Forward } from './forward.ts'
import { connectionOptions, HOP_BY_HOP } from './header-names.ts'

/** Would lead browsers round the gateway to another server for this origin (RFC 7838 §2). */
const ROUND_THE_GATEWAY = new Set(['alt-svc'])

/** Speak to caches in front of us over Cache-Control's head (RFC 9213 §2.2; the older ones are vendors'). */
const TARGETED_CACHE_CONTROL = new Set(
  'cdn-cache-control cloudflare-cdn-cache-control vercel-cdn-cache-control surrogate-control edge-control'.split(' '),
)

/** Hold an address that the upstream may have built from its own host name. */
const ADDRESSES = new Set(['location', 'content-location'])

/** Decide how the content before them is understood, so they come too late in trailers (RFC 9110 §6.5.1). */
const NOT_IN_TRAILERS = new Set(
  (
    'set-cookie cache-control content-length content-type content-encoding content-range location host age expires ' +
    'date vary www-authenticate'
  ).split(' '),
)

/** What the message that answers the client may hold. */
export interface AnswerShape {
  /** Its framing allows trailers. */
  trailers: boolean
  /** Content-Length goes with it. */
  length: boolean
}

/**
 * The header block for the client: the upstream's, in its order and spelling, without what belongs to its connection.
 * @param answer the upstream's answer
 * @param forward what was decided about the request
 * @param shape what the message to the client may hold
 * @returns name, value, name, value; Content-Length comes last, since Node re-encodes a Content-Disposition after it
 * @see RFC 9110 §7.6.1, §8.6
 */
export function responseHeaders(answer: IncomingMessage, forward: Forward, shape: AnswerShape): string[] {
  const fields = parse(answer.rawHeaders)
  const ours = new Set(forward.responseHeaders.map(([name]) => name.toLowerCase()))
  const headers = passed(fields, forward)
    .filter(({ name }) => name === 'set-cookie' || !ours.has(name))
    .flatMap(({ spelling, value }) => [spelling, value])
  if (shape.trailers) headers.push(...written(fields, 'trailer'))
  if (forward.privateResponse && !ours.has('cache-control')) {
    const values = fields.filter(({ name }) => name === 'cache-control').map(({ value }) => value)
    headers.push('Cache-Control', privateCacheControl(values))
  }
  headers.push(...forward.responseHeaders.flat())
  if (shape.length) headers.push(...written(fields, 'content-length'))
  return headers
}

/**
 * The header block of an informational answer (103 Early Hints): nothing is added to it.
 * @param raw name, value, name, value
 * @param forward what was decided about the request
 * @see RFC 8297 §2
 */
export function informationHeaders(raw: readonly string[], forward: Forward): string[] {
  return passed(parse(raw), forward).flatMap(({ spelling, value }) => [spelling, value])
}

/**
 * The trailer fields for the client.
 * @param answer an answer that has ended
 * @see RFC 9110 §6.5.1
 */
export function responseTrailers(answer: IncomingMessage): [string, string][] {
  return parse(answer.rawTrailers)
    .filter(({ name }) => !HOP_BY_HOP.has(name) && !NOT_IN_TRAILERS.has(name))
    .map(({ spelling, value }) => [spelling, value])
}

interface Field {
  /** In lower case. */
  name: string
  spelling: string
  value: string
}

function passed(fields: readonly Field[], forward: Forward): Field[] {
  const named = connectionOptions(fields.filter(({ name }) => name === 'connection').map(({ value }) => value))
  return fields
    .filter((field) => !named.has(field.name) && passes(field, forward))
    .map((field) => (ADDRESSES.has(field.name) ? { ...field, value: publicLocation(field.value, forward) } : field))
}

function passes({ name, value }: Field, forward: Forward): boolean {
  if (HOP_BY_HOP.has(name) || ROUND_THE_GATEWAY.has(name) || name === 'content-length') return false
  if (forward.privateResponse && (name === 'cache-control' || TARGETED_CACHE_CONTROL.has(name))) return false
  return name !== 'set-cookie' || !setsOwnCookie(value, forward.ownCookies)
}

/** An upstream that builds addresses from its own host would send people into the inner network. */
function publicLocation(value: string, forward: Forward): string {
  const start = /^https?:\/\/[^/?#]*/i.exec(value)?.[0]
  if (start === undefined || URL.parse(start)?.origin !== forward.upstream.origin) return value
  return forward.origin + value.slice(start.length)
}

function written(fields: readonly Field[], wanted: string): string[] {
  return fields.filter(({ name }) => name === wanted).flatMap(({ spelling, value }) => [spelling, value])
}

function parse(raw: readonly string[]): Field[] {
  const fields: Field[] = []
  for (let index = 0; index < raw.length; index += 2) {
    const spelling = raw[index] ?? ''
    fields.push({ name: spelling.toLowerCase(), spelling, value: raw[index + 1] ?? '' })
  }
  return fields
}
