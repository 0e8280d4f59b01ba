import { once } from 'node:events'
import type { Server } from 'node:http'

/** How often connections without a request are closed while a server drains, in milliseconds. */
const IDLE_CHECK_MS = 50

/** @throws Error (`EADDRINUSE`, `EACCES`, …) when the address cannot be had */
export async function listenAt(server: Server, address: { host: string; port: number }): Promise<void> {
  server.listen(address.port, address.host)
  await once(server, 'listening')
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
