import type { Socket } from 'node:net'

/** What an HTTP/2 connection without TLS begins with (RFC 9113 §3.4): no method is called `PRI`. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

/** How long a connection may say nothing that tells its protocol, in milliseconds: as for a complete head. */
const FIRST_BYTES_MS = 15_000

export type CleartextProtocol = 'http1' | 'http2'

/**
 * Waits for a connection's first bytes and tells its protocol by them; they stay unread. A connection that says nothing is
 * ended, as one is that does not finish its head.
 * @param socket nothing read from it yet
 * @param told called once, unless the connection ends before
 */
export function awaitProtocol(socket: Socket, told: (protocol: CleartextProtocol) => void): void {
  let held: Buffer | undefined
  const late = setTimeout(() => socket.destroy(), FIRST_BYTES_MS)
  const end = (): void => {
    clearTimeout(late)
    socket.off('readable', look).off('end', ended).off('close', end).off('error', ended)
  }
  // Or the other side has finished before it began.
  const ended = (): void => void socket.destroy()
  const look = (): void => {
    const chunk = socket.read() as Buffer | null
    if (chunk === null) return
    held = held === undefined ? chunk : Buffer.concat([held, chunk])
    const protocol = protocolOf(held)
    if (protocol === undefined) return
    end()
    socket.unshift(held)
    told(protocol)
  }
  socket.on('readable', look).on('end', ended).on('close', end).on('error', ended)
}

/** @returns undefined while the bytes could be either */
export function protocolOf(first: Buffer): CleartextProtocol | undefined {
  const compared = Math.min(first.length, PREFACE.length)
  if (PREFACE.compare(first, 0, compared, 0, compared) !== 0) return 'http1'
  return compared === PREFACE.length ? 'http2' : undefined
}
