import { once } from 'node:events'
import type { Server } from 'node:net'

/** Every address of the machine, of either family (RFC 4291 §2.5.2), and what is left of it where the kernel knows no IPv6. */
const EVERYWHERE = '::'
const EVERYWHERE_V4 = '0.0.0.0'

/** @throws Error (`EADDRINUSE`, `EACCES`, …) when the address cannot be had */
export async function listenAt(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    if (host !== EVERYWHERE || (error as NodeJS.ErrnoException).code !== 'EAFNOSUPPORT') throw error
    await listenAt(server, { host: EVERYWHERE_V4, port })
  }
}

/**
 * Stops accepting and waits for connections to end.
 * @param cut called for what is left
 * @param withinMs until then, in milliseconds
 */
export async function closeServer(server: Server, cut: () => void, withinMs: number): Promise<void> {
  if (!server.listening) return
  const deadline = setTimeout(cut, withinMs)
  const closed = once(server, 'close')
  server.close()
  await closed
  clearTimeout(deadline)
}
