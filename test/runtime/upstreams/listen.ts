import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * Listens on a free port of this machine until the test has finished, and then cuts all connections.
 * @returns `127.0.0.1:<port>`
 */
export async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  // TLS servers tell of their connections before the handshake as well.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return `127.0.0.1:${address.port}`
}
