import { isHttp2, type ReceivedRequest } from './received.ts'

/**
 * Says whether a request asks for a WebSocket: the only upgrade there is. Any other, `h2c` for one, is not taken up: the
 * request is then an ordinary one, and the proxy forwards no `Upgrade` (RFC 9110 §7.8 lets a server ignore it).
 * @param req a request of which the headers have been read
 */
export function isWebSocketUpgrade(req: ReceivedRequest): boolean {
  return (
    req.method === 'GET' &&
    req.httpVersion === '1.1' &&
    req.headers.upgrade?.toLowerCase() === 'websocket' &&
    /(?:^|,)\s*upgrade\s*(?:,|$)/i.test(req.headers.connection ?? '')
  )
}

/**
 * Says whether a body follows the headers.
 * @see RFC 9112 §6.3; RFC 9113 §8.1, by which a length may be missing and a body follow
 */
export function hasBody(req: ReceivedRequest): boolean {
  const length = req.headers['content-length']
  if (isHttp2(req)) return !req.stream.endAfterHeaders && length !== '0'
  if (req.headers['transfer-encoding'] !== undefined) return true
  return length !== undefined && length !== '0'
}
