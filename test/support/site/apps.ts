import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { decodeJwt } from 'jose'

/** The apps behind the routes of a site: one server that says to whom it speaks, under every name. */
export interface Apps {
  port: number
  close(): Promise<void>
}

/** Starts them. A page reads `<host> <path> for <name>`, as the assertion has it, or `for nobody`. */
export async function startApps(): Promise<Apps> {
  const server = createServer(({ url, headers }, response) => {
    const assertion = headers['x-gatewright-assertion']
    const { name = 'nobody' } = typeof assertion === 'string' ? decodeJwt<{ name: string }>(assertion) : {}
    response.end(`${headers.host} ${url} for ${name}`)
  }).listen(0, '127.0.0.1')
  server.keepAliveTimeout = 600_000
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
