import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'

import type { LoopbackAddress } from './address.ts'

/** How long requests that run may still take once the listener closes, in milliseconds; a program has ten seconds to stop. */
const DRAIN_MS = 8_000

/** A port that is served. */
export interface Listener {
  address: LoopbackAddress
  /** Stops accepting, lets running requests finish, cuts what is left after eight seconds. */
  close(): Promise<void>
}

/**
 * Serves an address.
 * @throws Error (`EADDRINUSE`, `EACCES`, …) when it cannot be had
 */
export async function openListener(address: LoopbackAddress, handle: RequestListener): Promise<Listener> {
  const server = createServer({ maxHeaderSize: 32 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 }, handle)
  server.maxConnections = 1_000
  server.listen(address.port, address.host)
  await once(server, 'listening')
  return {
    address,
    async close() {
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
      const closed = once(server, 'close')
      server.close()
      await closed
      clearTimeout(cut)
    },
  }
}
