import { type IncomingMessage, ServerResponse } from 'node:http'

/**
 * Says whether a request asks for a WebSocket: the only upgrade there is. Any other, `h2c` for one, is not taken up: the
 * request is then an ordinary one, and the proxy forwards no `Upgrade` (RFC 9110 §7.8 lets a server ignore it).
 * @param req a request of which the headers have been read
 */
export function isWebSocketUpgrade(req: IncomingMessage): boolean {
  return (
    req.method === 'GET' &&
    req.httpVersion === '1.1' &&
    req.headers.upgrade?.toLowerCase() === 'websocket' &&
    /(?:^|,)\s*upgrade\s*(?:,|$)/i.test(req.headers.connection ?? '')
  )
}

/**
 * Says whether a body follows the headers.
 * @see RFC 9112 §6.3
 */
export function hasBody(req: IncomingMessage): boolean {
  if (req.headers['transfer-encoding'] !== undefined) return true
  const length = req.headers['content-length']
  return length !== undefined && length !== '0'
}

/**
 * Makes the response that Node does not make for a request of the `upgrade` event, so that refusals, pages and upstream
 * answers are written as for any other request. Call it first thing in the event's handler: it also takes over the
 * socket's errors, which Node leaves to the handler and which would end the process.
 * @param req the request of an `upgrade` event
 * @returns a response that ends the connection with itself
 */
export function upgradeResponse(req: IncomingMessage): ServerResponse {
  const { socket } = req
  const res = new ServerResponse(req)
  res.shouldKeepAlive = false
  socket.on('error', () => socket.destroy())
  // The server took its own listener away with the parser; without one a writer that waits would wait for ever.
  socket.on('drain', () => res.emit('drain'))
  res.assignSocket(socket)
  res.once('finish', () => socket.destroySoon())
  return res
}
