import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { serverOptions } from '../wire/index.ts'
import { inOrder } from './in-order.ts'
import type { ListenerHandlers } from './listener.ts'
import { upgradeResponse } from './upgrade-response.ts'

/** Accepts all connections, and speaks HTTP/1.1 on those that are handed back to it. */
export interface Http1Part {
  server: Server
  speak(socket: Socket): void
}

/** @param accepted given each connection before anything is read from it */
export function createHttp1Part(handlers: ListenerHandlers, accepted: (socket: Socket) => void): Http1Part {
  const { request, mayUpgrade } = inOrder(handlers.request)
  const server = createServer(serverOptions, request)
  // Without this listener Node answers 100 Continue before any policy was asked.
  server.on('checkContinue', request)
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (mayUpgrade(req)) handlers.upgrade(req, upgradeResponse(req), head)
    // Nobody listens to it any more.
    else socket.on('error', () => undefined).destroy()
  })
  // The server's own listener for connections, which comes first on every one: it is called for those that are ours.
  const own = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  server.on('connection', accepted)
  return {
    server,
    speak(socket) {
      for (const listener of own) listener.call(server, socket)
    },
  }
}
