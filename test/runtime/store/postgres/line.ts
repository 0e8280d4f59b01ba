import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to a server that can go dead: what is sent arrives nowhere, and nobody says so. */
export interface Line {
  port: number
  freeze(): void
  /** New connections work again; those from before stay dead. */
  mend(): void
  close(): Promise<void>
}

/** @param to port of this machine */
export async function startLine(to: number): Promise<Line> {
  const sockets = new Set<Socket>()
  let frozen = false
  const listener = createServer((near) => {
    const pair = frozen ? [near] : [near, connect(to, '127.0.0.1')]
    for (const socket of pair) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => socket.destroy())
    }
    const [, far] = pair
    if (far) near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    freeze() {
      frozen = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    mend() {
      frozen = false
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await once(listener.close(), 'close')
    },
  }
}
