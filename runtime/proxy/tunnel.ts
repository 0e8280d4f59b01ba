import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

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
export function openTunnel(client: Socket, upstream: Duplex, idleMs: number): Tunnel {
  const close = (): void => {
    client.destroy()
    upstream.destroy()
  }
  for (const side of [client, upstream]) {
    if (side instanceof Socket) side.setTimeout(0).setKeepAlive(true, PROBE_MS)
    side.on('error', close)
  }
  // Each byte passes the client's socket, which therefore sees all that happens.
  client.setTimeout(idleMs, close)
  client.once('close', () => end(upstream))
  upstream.once('close', () => client.destroySoon())
  const closed = Promise.all([gone(client), gone(upstream)]).then(() => undefined)
  pump(client, upstream)
  pump(upstream, client)
  return { close, closed }
}

/** Copies one way, holds the source back while the sink is full, and ends the sink with it. */
function pump(source: Duplex, sink: Duplex): void {
  source.on('data', (chunk: Buffer) => {
    if (!sink.write(chunk)) source.pause()
  })
  sink.on('drain', () => source.resume())
  source.on('end', () => sink.end())
  source.resume()
}

/** Sends what was written, then closes. */
function end(side: Duplex): void {
  if (side instanceof Socket) side.destroySoon()
  else side.end(() => side.destroy())
}

function gone(side: Duplex): Promise<void> {
  if (side.closed) return Promise.resolve()
  return new Promise((resolve) => side.once('close', () => resolve()))
}
