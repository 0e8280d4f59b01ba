import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * Sends bytes as they are and reads until the server closes or has sent one whole answer without a body.
 * @param port on 127.0.0.1
 * @returns everything that came back
 */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.setTimeout(5_000, () => socket.destroy())
  socket.write(bytes, 'latin1')
  let received = ''
  for await (const chunk of socket) {
    received += (chunk as Buffer).toString('latin1')
    const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1]
    const head = received.indexOf('\r\n\r\n')
    if (head > 0 && length !== undefined && received.length >= head + 4 + Number(length)) break
    if (received.endsWith('\r\n0\r\n\r\n')) break
  }
  socket.destroy()
  return received
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}
