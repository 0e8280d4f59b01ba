import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import { answerReadiness, type Readiness } from '../program/index.ts'
import { serverOptions, upgradeResponse } from '../wire/index.ts'

/** How long running requests may still take when the process is asked to stop, in milliseconds. */
const DRAIN_MS = 8_000

interface Handlers {
  request: (request: IncomingMessage, response: ServerResponse) => void
  upgrade: (request: IncomingMessage, response: ServerResponse, head: Buffer) => void
}

/** The server that strangers reach. */
export function createPublicServer(handlers: Handlers): Server {
  const server = createServer(serverOptions, handlers.request)
  // Without this listener Node answers 100 Continue before any policy was asked.
  server.on('checkContinue', handlers.request)
  server.on('upgrade', (request: IncomingMessage, _socket: Duplex, head: Buffer) => {
    handlers.upgrade(request, upgradeResponse(request), head)
  })
  return server
}

/** Liveness (`/healthz`) and readiness (`/readyz`), on a port that strangers do not reach. */
export function createAdminServer(readiness: Readonly<Readiness>): Server {
  return createServer((request, response) => {
    if (request.url === '/readyz') return answerReadiness(readiness, response)
    const alive = request.url === '/healthz'
    response.writeHead(alive ? 200 : 404, { 'content-type': 'text/plain' })
    return response.end(alive ? 'alive\n' : 'not found\n')
  })
}

/** @throws Error (`EADDRINUSE`, `EACCES`, …) when the address cannot be had */
export async function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  server.listen(address.port, address.host)
  await once(server, 'listening')
}

/** Stops accepting, lets running requests finish, cuts what is left after eight seconds. */
export async function close(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  const closed = once(server, 'close')
  server.close()
  // A kept connection is closed once its answer is out: no new request shall begin on it.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  server.closeIdleConnections()
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}
