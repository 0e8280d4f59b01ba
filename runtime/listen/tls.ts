import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'

import { certificateFor, TLS_OPTIONS } from './certificate.ts'
import type { Certificates } from './certificates.ts'

/** How long a handshake may take, in milliseconds. */
const HANDSHAKE_MS = 10_000

/** Makes TLS connections out of plain ones. */
export interface TlsPart {
  handshake(socket: Socket): void
  /** Shows the certificates that are in force now from the next handshake on. */
  renew(): void
}

/** @param secured given each connection after its handshake; `alpnProtocol` says what is spoken on it (RFC 7301) */
export function createTlsPart(certificates: Certificates, secured: (socket: TLSSocket) => void): TlsPart {
  // A session can be resumed after a certificate was replaced: tickets have a key of their own.
  const ticketKeys = randomBytes(48)
  const server = createServer({
    ...TLS_OPTIONS,
    ticketKeys,
    handshakeTimeout: HANDSHAKE_MS,
    ALPNProtocols: ['h2', 'http/1.1'],
    SNICallback: (name, callback) => callback(null, certificateFor(certificates.inForce, name)?.context),
  })
  server.on('secureConnection', secured)
  // A peer that ends or botches its handshake: strangers do all day long. Node has ended the connection.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return {
    handshake(socket) {
      server.emit('connection', socket)
    },
    renew() {
      const [first] = certificates.inForce
      if (first) server.setSecureContext({ ...TLS_OPTIONS, ...first.pem, ticketKeys })
    },
  }
}
