import { isContentLength } from './content-length.ts'
import { hostKey } from './host.ts'
import { SERVED_METHODS } from './method.ts'
import { isHttp2, type ReceivedRequest } from './received.ts'
import { wireRefusal, type WireCode, type WireRefusal } from './refusal.ts'
import { hasBody, isWebSocketUpgrade } from './upgrade.ts'

/** Bytes of request line and fields together: cookies of several apps must fit. */
export const MAX_HEAD_BYTES = 16 * 1024

/** Well below the thousand after which Node before 26 drops fields in silence. */
export const MAX_HEADERS = 200

/**
 * Fields that decisions are made from. Sent twice, Node takes one and an upstream may take the other (RFC 9110 §5.3).
 * Each has a bit, so that no set need be made per request.
 */
const SINGLE = new Map(
  (
    'host authorization content-length expect origin transfer-encoding upgrade ' +
    'sec-websocket-key sec-websocket-version sec-fetch-site sec-fetch-mode sec-fetch-dest'
  )
    .split(' ')
    .map((name, index) => [name, 1 << index]),
)
const HOST_BIT = SINGLE.get('host') ?? 0

/** Names of other lengths need not be looked at. */
const SINGLE_LENGTHS: readonly boolean[] = Array.from({ length: 32 }, (_, length) =>
  [...SINGLE.keys()].some((name) => name.length === length),
)

/** What concerns one connection alone, and has no place in HTTP/2 (RFC 9113 §8.2.2). */
const CONNECTION_FIELDS = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'] as const

/**
 * The checks that every request passes before anybody looks at its host, path, session or body.
 * @param req a request whose body has not been touched; one of HTTP/2 after `presentAsHttp1`
 * @returns undefined when the request may go on; otherwise what to `refuse` it with
 * @see RFC 9112 §3.2 (target, Host), §6.1–6.3 (framing); RFC 6455 §4.2.1 (handshake); RFC 9113 §8.2, §8.3 (HTTP/2)
 */
export function checkRequest(req: ReceivedRequest): WireRefusal | undefined {
  const code = lineProblem(req) ?? fieldsProblem(req) ?? framingProblem(req) ?? upgradeProblem(req)
  return code === undefined ? undefined : wireRefusal(code)
}

function lineProblem(req: ReceivedRequest): WireCode | undefined {
  // What an HTTP/1 request line says of itself makes it no HTTP/2.
  if (!isHttp2(req) && req.httpVersion !== '1.1' && req.httpVersion !== '1.0') return 'version_unsupported'
  if (!SERVED_METHODS.has(req.method ?? '')) return 'method_not_allowed'
  return req.url?.startsWith('/') ? undefined : 'target_not_origin_form'
}

/** Fields that have come before on their connection are known to be right. */
function fieldsProblem(req: ReceivedRequest): WireCode | undefined {
  if (isHttp2(req)) return headersProblem(req.rawHeaders)
  const { fields } = req
  if (fields.isClean) return undefined
  const problem = headersProblem(fields.raw)
  fields.isClean = problem === undefined
  return problem
}

function headersProblem(raw: readonly string[]): WireCode | undefined {
  if (raw.length > MAX_HEADERS * 2) return 'headers_too_many'
  let seen = 0
  for (let index = 0; index < raw.length; index += 2) {
    const spelled = raw[index] ?? ''
    if (spelled.startsWith(':')) return 'pseudo_field_unknown'
    if (SINGLE_LENGTHS[spelled.length] !== true) continue
    const bit = SINGLE.get(spelled.toLowerCase()) ?? 0
    if ((seen & bit) !== 0) return bit === HOST_BIT ? 'host_duplicate' : 'header_duplicate'
    seen |= bit
    if (bit === HOST_BIT && hostKey(raw[index + 1] ?? '') === undefined) return 'host_invalid'
  }
  return (seen & HOST_BIT) !== 0 ? undefined : 'host_missing'
}

function framingProblem(req: ReceivedRequest): WireCode | undefined {
  const { headers } = req
  if (isHttp2(req)) {
    if (isTooLarge(req.rawHeaders)) return 'headers_too_large'
    if (hasConnectionField(headers)) return 'connection_field'
  }
  const coding = headers['transfer-encoding']
  const length = headers['content-length']
  if (coding !== undefined) {
    if (length !== undefined || req.httpVersion !== '1.1') return 'framing_conflict'
    if (coding.toLowerCase() !== 'chunked') return 'transfer_encoding_unsupported'
  }
  return length === undefined || isContentLength(length) ? undefined : 'content_length_invalid'
}

/** HTTP/1.1's parser counts by itself. An HTTP/2 peer is held to our bound only when it says that it has heard of it. */
function isTooLarge(raw: readonly string[]): boolean {
  let bytes = 0
  for (const text of raw) bytes += text.length
  return bytes > MAX_HEAD_BYTES
}

/** nghttp2 refuses such a stream before us; what is forwarded by their absence must not hang on that. */
function hasConnectionField(headers: ReceivedRequest['headers']): boolean {
  if (CONNECTION_FIELDS.some((name) => headers[name] !== undefined)) return true
  return headers['te'] !== undefined && headers['te'] !== 'trailers'
}

function upgradeProblem(req: ReceivedRequest): WireCode | undefined {
  if (!isWebSocketUpgrade(req)) return undefined
  if (hasBody(req)) return 'upgrade_with_body'
  return /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(req.headers['sec-websocket-key'] ?? '')
    ? undefined
    : 'websocket_key_invalid'
}
