import type { IncomingMessage } from 'node:http'

import { hostKey } from './host.ts'
import { SERVED_METHODS } from './method.ts'
import { wireRefusal, type WireCode, type WireRefusal } from './refusal.ts'
import { hasBody, isWebSocketUpgrade } from './upgrade.ts'

/** Well below the thousand after which Node before 26 drops fields in silence. */
const MAX_HEADERS = 200

/**
 * Fields that decisions are made from. Sent twice, Node takes one and an upstream may take the other (RFC 9110 §5.3).
 * Host has codes of its own.
 */
const SINGLE = new Set(
  (
    'authorization content-length expect origin transfer-encoding upgrade ' +
    'sec-websocket-key sec-websocket-version sec-fetch-site sec-fetch-mode sec-fetch-dest'
  ).split(' '),
)

/**
 * The checks that every request passes before anybody looks at its host, path, session or body.
 * @param req a request whose body has not been touched
 * @returns undefined when the request may go on; otherwise what to `refuse` it with
 * @see RFC 9112 §3.2 (target, Host), §6.1–6.3 (framing); RFC 6455 §4.2.1 (handshake)
 */
export function checkRequest(req: IncomingMessage): WireRefusal | undefined {
  const code = lineProblem(req) ?? headersProblem(req) ?? framingProblem(req) ?? upgradeProblem(req)
  return code === undefined ? undefined : wireRefusal(code)
}

function lineProblem(req: IncomingMessage): WireCode | undefined {
  if (req.httpVersion !== '1.1' && req.httpVersion !== '1.0') return 'version_unsupported'
  if (!SERVED_METHODS.has(req.method ?? '')) return 'method_not_allowed'
  return req.url?.startsWith('/') ? undefined : 'target_not_origin_form'
}

function headersProblem(req: IncomingMessage): WireCode | undefined {
  const raw = req.rawHeaders
  if (raw.length > MAX_HEADERS * 2) return 'headers_too_many'
  const seen = new Set<string>()
  let hosts = 0
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    if (name === 'host') {
      hosts += 1
      if (hosts > 1) return 'host_duplicate'
      if (hostKey(raw[index + 1] ?? '') === undefined) return 'host_invalid'
    } else if (SINGLE.has(name)) {
      if (seen.has(name)) return 'header_duplicate'
      seen.add(name)
    }
  }
  return hosts === 1 ? undefined : 'host_missing'
}

function framingProblem(req: IncomingMessage): WireCode | undefined {
  const coding = req.headers['transfer-encoding']
  const length = req.headers['content-length']
  if (coding !== undefined) {
    if (length !== undefined || req.httpVersion !== '1.1') return 'framing_conflict'
    if (coding.toLowerCase() !== 'chunked') return 'transfer_encoding_unsupported'
  }
  return length === undefined || /^\d{1,15}$/.test(length) ? undefined : 'content_length_invalid'
}

function upgradeProblem(req: IncomingMessage): WireCode | undefined {
  if (!isWebSocketUpgrade(req)) return undefined
  if (hasBody(req)) return 'upgrade_with_body'
  return /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(req.headers['sec-websocket-key'] ?? '')
    ? undefined
    : 'websocket_key_invalid'
}
