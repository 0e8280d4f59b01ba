import { foldName } from '../header-names/index.ts'
import { OutgoingFields } from '../upstreams/contract.ts'
import { isHttp2 } from '../wire/index.ts'
import type { ClientRequest } from './client.ts'
import { connectionOptions } from './connection-options.ts'
import { withoutOwnCookies } from './cookies.ts'
import { requestName } from './field-kinds.ts'
import type { Forward } from './forward.ts'

/** A client's request as it is passed on. */
export interface PreparedRequest {
  /** All but Host, which depends on the endpoint, and X-Request-Id. */
  fields: OutgoingFields
  hasBody: boolean
  /** Announced bytes of the body; 0 when none were. */
  length: number
  /** The client waits for `100 Continue` before it sends its body. */
  expectsContinue: boolean
}

/**
 * The header block for the upstream: what the client sent, in its order and spelling, without what is reserved, named by
 * Connection, consumed or ours; then what the operator sets, then what we say, so that nothing the client sends can take that
 * away (CVE-2024-45410). Via is not added: common upstreams stop compressing for whoever sends it.
 * @param req the client's request
 * @param forward what was decided about it
 */
export function prepareRequest(req: ClientRequest, forward: Forward): PreparedRequest {
  if (isHttp2(req) || !req.fields.isRepeated) return prepare(req, forward, false)
  const { fields } = req
  const { made } = fields
  if (made instanceof MadeRequest && made.isFor(forward)) return made.request
  const next = new MadeRequest(forward, prepare(req, forward, true))
  fields.made = next
  return next.request
}

/** All that `prepare` reads of what was decided. */
type Decided = Pick<Forward, 'route' | 'publicOrigin' | 'identityHeaders' | 'consumedHeaders' | 'clientAddress'>

/** What was made of fields that come again, for as long as the same is decided about them. */
class MadeRequest {
  readonly request: PreparedRequest
  readonly #decided: Decided

  constructor(
    { route, publicOrigin, identityHeaders, consumedHeaders, clientAddress }: Decided,
    request: PreparedRequest,
  ) {
    this.#decided = { route, publicOrigin, identityHeaders, consumedHeaders, clientAddress }
    this.request = request
  }

  isFor(decided: Decided): boolean {
    const before = this.#decided
    return (
      before.route === decided.route &&
      before.publicOrigin === decided.publicOrigin &&
      before.identityHeaders === decided.identityHeaders &&
      before.consumedHeaders === decided.consumedHeaders &&
      before.clientAddress === decided.clientAddress
    )
  }
}

function prepare(req: ClientRequest, forward: Decided, isKept: boolean): PreparedRequest {
  const { route, clientAddress } = forward
  const { scheme, host } = forward.publicOrigin ?? route.publicOrigin
  const fields = readFields(req, forward)
  const { headers } = fields
  for (const text of route.request.set) headers.push(text)
  for (const [name, value] of forward.identityHeaders) if (value !== undefined) headers.push(name, value)
  headers.push('X-Forwarded-For', clientAddress, 'X-Forwarded-Proto', scheme, 'X-Forwarded-Host', host)
  // gRPC servers insist on it; no other transfer coding may be asked for on our behalf (RFC 9110 §10.1.4).
  if (fields.te !== '' && /(?:^|,)\s*trailers\s*(?:,|$)/i.test(fields.te)) headers.push('TE', 'trailers')
  const { hasBody, length } = framing(req, fields)
  const asks = fields.expect !== '' && /(?:^|\W)100-continue(?:$|\W)/i.test(fields.expect)
  const expectsContinue = asks && req.httpVersion !== '1.0'
  return { fields: new OutgoingFields(headers, isKept), hasBody, length, expectsContinue }
}

/**
 * The Host that an upstream sees.
 * @param own the endpoint's
 */
export function hostFor({ route, publicOrigin = route.publicOrigin }: Forward, own: string): string {
  return route.rewriteHost ?? (route.preserveHost ? publicOrigin.host : own)
}

/** @returns bytes of all names and values */
export function headerBytes({ rawHeaders }: ClientRequest): number {
  return rawHeaders.reduce((bytes, text) => bytes + text.length, 0)
}

/**
 * The trailer fields for the upstream: some apps merge them into the headers, so all that is kept out there is kept out here.
 * @param req a request that has ended
 * @param forward what was decided about it
 * @returns name, value, name, value
 * @see RFC 9110 §6.5.1
 */
export function requestTrailers(req: ClientRequest, forward: Forward): string[] {
  const raw = req.rawTrailers
  if (raw.length === 0) return []
  const named = connectionOptions(connectionValues(req.rawHeaders))
  const withheld = withheldHere(forward, named)
  const trailers: string[] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const { kind, folded } = requestName(name)
    if (kind !== 'passed' || name.startsWith(':') || NOT_IN_TRAILERS.has(folded)) continue
    if (!forward.route.request.withheld.has(folded) && !withheld?.has(folded)) trailers.push(name, raw[index + 1] ?? '')
  }
  return trailers
}

/** Fields that decide about the request: known before its content, or never. */
const NOT_IN_TRAILERS = new Set(
  'cookie authorization origin content-type content-encoding content-range range accept max-forwards'.split(' '),
)

interface Fields {
  /** What passes. */
  headers: string[]
  te: string
  trailer: string
  expect: string
  transferEncoding: string
  contentLength: string
  connection: string[]
}

function readFields(req: ClientRequest, forward: Decided): Fields {
  const fields = sortFields(req, forward, withheldHere(forward, undefined))
  if (fields.connection.length === 0) return fields
  const named = connectionOptions(fields.connection)
  // Hardly anybody names fields there; who does is read once more.
  return named.size === 0 ? fields : sortFields(req, forward, withheldHere(forward, named))
}

function sortFields(req: ClientRequest, forward: Decided, withheld: ReadonlySet<string> | undefined): Fields {
  const { rawHeaders: raw } = req
  const { ownCookies, request } = forward.route
  const headers: string[] = []
  const fields: Fields = {
    headers,
    te: '',
    trailer: '',
    expect: '',
    transferEncoding: '',
    contentLength: '',
    connection: [],
  }
  const isSplit = isHttp2(req)
  let cookie = ''
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    const { kind, folded } = requestName(name)
    switch (kind) {
      case 'passed':
        // HTTP/2's pseudo-fields begin with a colon.
        if (name.startsWith(':') || request.withheld.has(folded) || withheld?.has(folded)) continue
        headers.push(name, value)
        break
      case 'cookie': {
        const kept =
          request.withheld.has(folded) || withheld?.has(folded) ? undefined : withoutOwnCookies(value, ownCookies)
        if (kept === undefined) continue
        // HTTP/2 sends them one by one, which no HTTP/1.1 server need understand (RFC 9113 §8.2.3).
        if (isSplit) cookie = cookie === '' ? kept : `${cookie}; ${kept}`
        else headers.push(name, kept)
        break
      }
      case 'te':
      case 'trailer':
      case 'expect':
        fields[kind] = fields[kind] === '' ? value : `${fields[kind]}, ${value}`
        break
      case 'transfer-encoding':
        fields.transferEncoding = value
        break
      case 'content-length':
        fields.contentLength = value
        break
      case 'connection':
        fields.connection.push(value)
        break
      case 'dropped':
        break
    }
  }
  if (cookie !== '') headers.push('cookie', cookie)
  return fields
}

/** In folded spelling, so that no alias survives either; undefined when the route's own names are all. */
function withheldHere(forward: Decided, named: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined {
  const { route, identityHeaders, consumedHeaders } = forward
  let withheld: Set<string> | undefined
  for (const [name] of identityHeaders) {
    const { folded } = requestName(name)
    if (!route.request.withheld.has(folded)) (withheld ??= new Set()).add(folded)
  }
  for (const name of consumedHeaders) (withheld ??= new Set()).add(foldName(name))
  for (const name of named ?? []) (withheld ??= new Set()).add(foldName(name))
  return withheld
}

/** From what the parser used, not from what the client may have declared hop-by-hop (RFC 9112 §6.3). */
function framing(
  req: ClientRequest,
  { headers, contentLength, transferEncoding, trailer }: Fields,
): { hasBody: boolean; length: number } {
  const isOpen = isHttp2(req) && contentLength === '' && !req.stream.endAfterHeaders
  if (transferEncoding !== '' || isOpen) {
    headers.push('Transfer-Encoding', 'chunked')
    if (trailer !== '') headers.push('Trailer', trailer)
    return { hasBody: true, length: 0 }
  }
  if (contentLength !== '') headers.push('Content-Length', contentLength)
  const length = Number(contentLength)
  return { hasBody: length > 0, length }
}

function connectionValues(raw: readonly string[]): string[] {
  return raw.filter((_, index) => index % 2 === 1 && requestName(raw[index - 1] ?? '').kind === 'connection')
}
