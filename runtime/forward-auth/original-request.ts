import { foldName } from '../header-names/index.ts'
import { type ReceivedRequest, SERVED_METHODS } from '../wire/index.ts'
import type { Question } from './question.ts'

/** The request that another proxy asks about, as far as the question itself says it. */
export interface OriginalRequest {
  method: string
  /** As a Host header has it. */
  host: string
  /** As a request line has it. */
  target: string
  /** Somebody asks for a WebSocket. */
  isHandshake: boolean
}

/** Why nobody can say which request is meant. */
export interface Unclear {
  /** For the log. */
  problem: string
}

/** What names the original request, and nothing else does. X-Forwarded-Proto is not looked at: no rule depends on it. */
const SOURCES = ['x-forwarded-method', 'x-forwarded-host', 'x-forwarded-uri'] as const
const SOURCE_NAMES: ReadonlySet<string> = new Set(SOURCES)

/** Other names for the same: some apps take them for the address that was asked for (CVE-2018-14773), and nothing of ours does. */
const RIVALS = new Set(['x-original-url', 'x-original-uri', 'x-original-method', 'x-original-host', 'x-rewrite-url'])

/**
 * Rebuilds the original request. Each part has one source that must be there once: a proxy that adds its own word to the
 * client's instead of replacing it is not believed (CVE-2026-40575).
 * @param request the question itself, past `checkRequest`
 */
export function originalRequest({ target }: Question, request: ReceivedRequest): OriginalRequest | Unclear {
  const said = new Map<string, string>()
  const { rawHeaders: raw, headers } = request
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]?.toLowerCase() ?? ''
    const folded = foldName(name)
    if (RIVALS.has(folded)) return { problem: `${folded} names a request, too` }
    if (!SOURCE_NAMES.has(folded)) continue
    if (name !== folded || said.has(name)) return { problem: `${folded} is there twice, or in another spelling` }
    said.set(name, raw[index + 1] ?? '')
  }
  if (target !== undefined && said.size > 0) return { problem: 'both the path and headers name a request' }
  const [method, host, uri] =
    target === undefined ? SOURCES.map((name) => said.get(name)) : [request.method, headers.host, target]
  if (!method || !host || !uri) return { problem: `one of ${SOURCES.join(', ')} is missing` }
  if (!SERVED_METHODS.has(method)) return { problem: 'the method is not served' }
  return { method, host, target: uri, isHandshake: HANDSHAKE.some((name) => headers[name] !== undefined) }
}

/** No script can send the `Sec-` ones (Fetch Standard §2.2.2); of proxies that ask, most leave `Upgrade` out. */
const HANDSHAKE = ['sec-websocket-key', 'sec-websocket-version', 'upgrade'] as const
