import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'

import type { Bed } from './bed.ts'

/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** An app that opens every WebSocket that it is asked for, and says nothing on it. @returns its origin; it ends with the bed */
export async function startWebSocketUpstream(bed: Pick<Bed, 'port' | 'atEnd'>): Promise<string> {
  const port = await bed.port()
  const open = new Set<Duplex>()
  const server = createServer((_, response) => {
    response.end('an app with WebSockets\n')
  })
  server.on('upgrade', (request, socket: Duplex) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64')
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
    socket.resume()
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  bed.atEnd(async () => {
    for (const socket of open) socket.destroy()
    server.closeAllConnections()
    await once(server.close(), 'close')
  })
  return `http://127.0.0.1:${port}`
}
