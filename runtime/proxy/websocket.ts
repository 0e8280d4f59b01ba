import { createHash } from 'node:crypto'

import type { Http1Request } from '../http1/index.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * What a server that understood the handshake answers to its key.
 * @param key Sec-WebSocket-Key
 * @see RFC 6455 §4.2.2
 */
export function webSocketAccept(key: string): string {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64')
}

/**
 * Says whether the page that opens a WebSocket may: browsers do not ask first, and a sibling host is same-site, so its
 * pages bring the cookie along. A handshake without Origin, which no browser sends, is refused too; a caller that found
 * credentials of another kind than a cookie need not ask.
 * @param req the handshake
 * @param allowed origins as `URL.origin` spells them
 * @see RFC 6455 §10.2
 */
export function websocketOriginAllowed(req: Pick<Http1Request, 'rawHeaders'>, allowed: readonly string[]): boolean {
  const origins = req.rawHeaders.filter(
    (_, index) => index % 2 === 1 && req.rawHeaders[index - 1]?.toLowerCase() === 'origin',
  )
  return origins.length === 1 && allowed.includes(origins[0] ?? '')
}
