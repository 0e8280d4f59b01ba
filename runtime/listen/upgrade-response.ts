import { type IncomingMessage, ServerResponse } from 'node:http'

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
