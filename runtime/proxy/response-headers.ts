import { HOP_BY_HOP } from '../header-names/index.ts'
import type { AnswerHead } from '../upstreams/contract.ts'
import { privateCacheControl } from './cache-control.ts'
import { connectionOptions, NO_OPTIONS } from './connection-options.ts'
import { setsOwnCookie } from './cookies.ts'
import { responseName } from './field-kinds.ts'
import type { Forward, Header } from './forward.ts'
import type { PreparedChanges } from './header-changes.ts'

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
 * @param upstream its origin, which no address may name
 * @param forward what was decided about the request
 * @param shape what the message to the client may hold
 * @returns name, value, name, value; Content-Length comes last, since Node re-encodes a Content-Disposition after it
 * @see RFC 9110 §7.6.1, §8.6
 */
export function responseHeaders(answer: AnswerHead, upstream: string, forward: Forward, shape: AnswerShape): string[] {
  const { responseHeaders: ours } = forward
  const isPrivate = isPrivateAnswer(forward)
  const changes = changesFor(forward)
  const replaced = ours === undefined || ours.length === 0 ? undefined : replacedNames(ours)
  const fields = passedFields(answer.headers, upstream, forward, replaced)
  const { headers } = fields
  if (shape.trailers) for (const value of fields.trailer) headers.push('Trailer', value)
  if (isPrivate && !changes.withheld.has('cache-control') && !replaced?.has('cache-control')) {
    headers.push('Cache-Control', privateCacheControl(fields.cacheControl))
  }
  for (const text of changes.set) headers.push(text)
  for (const [name, value] of ours ?? []) headers.push(name, value)
  if (shape.length && fields.length !== undefined) headers.push('Content-Length', fields.length)
  return headers
}

/**
 * The header block of an informational answer (103 Early Hints): nothing is added to it.
 * @param raw name, value, name, value
 * @param upstream the upstream's origin
 * @param forward what was decided about the request
 * @see RFC 8297 §2
 */
export function informationHeaders(raw: readonly string[], upstream: string, forward: Forward): string[] {
  return passedFields(raw, upstream, forward, undefined).headers
}

/**
 * The trailer fields for the client.
 * @param trailers name, value, name, value
 * @see RFC 9110 §6.5.1
 */
export function responseTrailers(trailers: readonly string[]): string[] {
  const passed: string[] = []
  for (let index = 0; index < trailers.length; index += 2) {
    const name = trailers[index] ?? ''
    const lower = name.toLowerCase()
    if (!HOP_BY_HOP.has(lower) && !NOT_IN_TRAILERS.has(lower)) passed.push(name, trailers[index + 1] ?? '')
  }
  return passed
}

interface Fields {
  /** What passes. */
  headers: string[]
  cacheControl: string[]
  trailer: string[]
  length: string | undefined
  /** Values of Connection. */
  connection: string[]
}

function passedFields(
  raw: readonly string[],
  upstream: string,
  forward: Forward,
  replaced: ReadonlySet<string> | undefined,
): Fields {
  const fields = sortFields(raw, upstream, forward, { replaced, named: NO_OPTIONS })
  if (fields.connection.length === 0) return fields
  const named = connectionOptions(fields.connection)
  // Hardly any upstream names fields there; one that does is read once more.
  return named.size === 0 ? fields : sortFields(raw, upstream, forward, { replaced, named })
}

interface Withheld {
  /** What we say ourselves. */
  replaced: ReadonlySet<string> | undefined
  /** What the upstream's Connection names. */
  named: ReadonlySet<string>
}

function sortFields(raw: readonly string[], upstream: string, forward: Forward, { replaced, named }: Withheld): Fields {
  const { ownCookies } = forward.route
  const isPrivate = isPrivateAnswer(forward)
  const changes = changesFor(forward)
  const headers: string[] = []
  const fields: Fields = { headers, cacheControl: [], trailer: [], length: undefined, connection: [] }
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    const { kind, lower } = responseName(name)
    switch (kind) {
      case 'connection':
        fields.connection.push(value)
        continue
      case 'content-length':
        fields.length = value
        continue
      case 'trailer':
        fields.trailer.push(value)
        continue
      case 'dropped':
        continue
    }
    if (named.has(lower) || changes.withheld.has(lower) || replaced?.has(lower)) continue
    switch (kind) {
      case 'passed':
        headers.push(name, value)
        break
      case 'set-cookie':
        if (!setsOwnCookie(value, ownCookies)) headers.push(name, value)
        break
      case 'cache-control':
        if (isPrivate) fields.cacheControl.push(value)
        else headers.push(name, value)
        break
      case 'targeted cache-control':
        if (!isPrivate) headers.push(name, value)
        break
      case 'address':
        headers.push(name, publicLocation(value, upstream, forward))
        break
    }
  }
  return fields
}

function isPrivateAnswer({ route, privateResponse = route.privateResponse }: Forward): boolean {
  return privateResponse
}

function changesFor(forward: Forward): PreparedChanges {
  return isPrivateAnswer(forward) ? forward.route.response.private : forward.route.response.public
}

/** Set-Cookie is added to what is there. */
function replacedNames(ours: readonly Header[]): ReadonlySet<string> {
  return new Set(ours.map(([name]) => name.toLowerCase()).filter((name) => name !== 'set-cookie'))
}

/** An upstream that builds addresses from its own host would send people into the inner network. */
function publicLocation(value: string, upstream: string, forward: Forward): string {
  const start = /^https?:\/\/[^/?#]*/i.exec(value)?.[0]
  if (start === undefined || URL.parse(start)?.origin !== upstream) return value
  return (forward.publicOrigin ?? forward.route.publicOrigin).origin + value.slice(start.length)
}
