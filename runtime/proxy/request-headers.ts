import type { IncomingMessage } from 'node:http'

import { withoutOwnCookies } from './cookies.ts'
import type { Forward, Header } from './forward.ts'
import { connectionOptions, foldName, isReserved } from './header-names.ts'

/**
 * The header block for the upstream: what the client sent, in its order and spelling, without what is reserved, named by
 * Connection, consumed or ours; then what we say, so that nothing the client sends can take that away (CVE-2024-45410).
 * Via is not added: common upstreams stop compressing for whoever sends it.
 * @param req the client's request
 * @param forward what was decided about it
 * @returns name, value, name, value; Content-Length comes last, since Node re-encodes a Content-Disposition after it
 */
export function requestHeaders(req: IncomingMessage, forward: Forward): string[] {
  const { scheme, host } = publicAddress(forward.origin)
  const headers = ['Host', forward.preserveHost ? host : forward.upstream.host]
  for (const [name, value] of clientHeaders(req, forward)) headers.push(name, value)
  for (const [name, value] of forward.identityHeaders) if (value !== undefined) headers.push(name, value)
  headers.push('X-Forwarded-For', forward.clientAddress, 'X-Forwarded-Proto', scheme, 'X-Forwarded-Host', host)
  // gRPC servers insist on it; no other transfer coding may be asked for on our behalf (RFC 9110 §10.1.4).
  if (/(?:^|,)\s*trailers\s*(?:,|$)/i.test(String(req.headers.te ?? ''))) headers.push('TE', 'trailers')
  return [...headers, ...framing(req)]
}

/**
 * The trailer fields for the upstream: some apps merge them into the headers, so all that is kept out there is kept out here.
 * @param req a request that has ended
 * @param forward what was decided about it
 * @see RFC 9110 §6.5.1
 */
export function requestTrailers(req: IncomingMessage, forward: Forward): [string, string][] {
  return clientFields(req.rawTrailers, withheldNames(req, forward)).filter(
    ([name]) => !NOT_IN_TRAILERS.has(foldName(name)),
  )
}

/** Fields that decide about the request: known before its content, or never. */
const NOT_IN_TRAILERS = new Set(
  'cookie authorization origin content-type content-encoding content-range range accept max-forwards'.split(' '),
)

function clientHeaders(req: IncomingMessage, forward: Forward): Header[] {
  const headers: Header[] = []
  for (const [name, value] of clientFields(req.rawHeaders, withheldNames(req, forward))) {
    const kept = name.toLowerCase() === 'cookie' ? withoutOwnCookies(value, forward.ownCookies) : value
    if (kept !== undefined) headers.push([name, kept])
  }
  return headers
}

function clientFields(raw: readonly string[], withheld: ReadonlySet<string>): [string, string][] {
  const fields: [string, string][] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (!isReserved(name) && !withheld.has(foldName(name))) fields.push([name, raw[index + 1] ?? ''])
  }
  return fields
}

/** In folded spelling, so that no alias of a header that we set survives either. */
function withheldNames(req: IncomingMessage, forward: Forward): ReadonlySet<string> {
  const named = req.headers.connection === undefined ? [] : connectionOptions([req.headers.connection])
  const set = forward.identityHeaders.map(([name]) => name)
  return new Set([...named, ...set, ...forward.consumedHeaders].map(foldName))
}

/** From what the parser used, not from what the client may have declared hop-by-hop (RFC 9112 §6.3). */
function framing(req: IncomingMessage): string[] {
  if (req.headers['transfer-encoding'] !== undefined) {
    const trailer = req.headers.trailer
    return ['Transfer-Encoding', 'chunked', ...(trailer === undefined ? [] : ['Trailer', trailer])]
  }
  const length = req.headers['content-length']
  return length === undefined ? [] : ['Content-Length', length]
}

function publicAddress(origin: string): { scheme: string; host: string } {
  const [scheme = '', host = ''] = origin.split('://', 2)
  return { scheme, host }
}
