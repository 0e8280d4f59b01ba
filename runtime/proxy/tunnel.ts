import type { Socket } from 'node:net'

import { pump } from './pump.ts'

/** A WebSocket that is open between a client and an upstream. */
export interface Tunnel {
  /** Ends both sides at once: at sign-out, session end and loss of access. No close frame, since one may be half sent. */
  close(): void
  /** Settles when both sides are gone. */
  readonly closed: Promise<void>
}

/** Probes find a peer that vanished without a word. */
const PROBE_MS = 30_000

/**
 * Joins two connections.
 * @param client its bytes were held until now
 * @param upstream the connection that answered 101
 * @param idleMs ends both after that long without a byte in either direction
 */
export function openTunnel(client: Socket, upstream: Socket, idleMs: number): Tunnel {
  const close = (): void => {
    client.destroy()
    upstream.destroy()
  }
  for (const socket of [client, upstream]) {
    socket.setTimeout(0)
    socket.setKeepAlive(true, PROBE_MS)
    socket.on('error', close)
  }
  // Each byte passes both sockets, so one of them sees all that happens.
  upstream.setTimeout(idleMs, close)
  client.once('close', () => upstream.destroySoon())
  upstream.once('close', () => client.destroySoon())
  const closed = Promise.all([gone(client), gone(upstream)]).then(() => undefined)
  pump(client, upstream, () => upstream.end())
  pump(upstream, client, () => client.end())
  return { close, closed }
}

function gone(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}
