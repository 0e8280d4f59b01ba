import { once } from 'node:events'
import type { Server } from 'node:http'

/** How often connections without a request are closed while a server drains, in milliseconds. */
const IDLE_CHECK_MS = 50

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
 * Stops accepting and lets running HTTP/1.1 requests finish.
 * @param cut called for what is left
 * @param withinMs until then, in milliseconds
 */
export async function closeServer(server: Server, cut: () => void, withinMs: number): Promise<void> {
  if (!server.listening) return
  const deadline = setTimeout(cut, withinMs)
  const closed = once(server, 'close')
  server.close()
  // A kept connection is closed once its answer is out: no new request shall begin on it.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
  server.closeIdleConnections()
  await closed
  clearInterval(idle)
  clearTimeout(deadline)
}
