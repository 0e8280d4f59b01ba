import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { BlockList, createServer, isIPv6, type Socket } from 'node:net'

import type { Logger } from 'pino'

import type { RuntimeConfig } from '../config.ts'
import type { Http1Request, Http1Response } from '../http1/index.ts'
import { oneLine } from '../program/index.ts'
import { closeServer, listenAt } from './address.ts'
import { beginTogether } from './arrivals.ts'
import { type CertificateExpiry, createCertificates } from './certificates.ts'
import { createHttp1Part } from './http1.ts'
import { createHttp2Part } from './http2.ts'
import { awaitProtocol } from './preface.ts'
import { createTlsPart } from './tls.ts'

/** How long running requests may still take when the process is asked to stop, in milliseconds. */
const DRAIN_MS = 8_000

/** Probes find a client that vanished without a word. */
const SOCKET_OPTIONS = { allowHalfOpen: false, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 } as const

/** Answers a request, to its end. */
export type RequestHandler = (
  ...exchange: [Http1Request, Http1Response] | [Http2ServerRequest, Http2ServerResponse]
) => void

export interface ListenerHandlers {
  request: RequestHandler
  /** WebSockets come by HTTP/1.1 alone. */
  upgrade: (request: Http1Request, response: Http1Response) => void
}

/** What a release says about the public address. */
export type ListenerSettings = Pick<RuntimeConfig, 'tls' | 'trustedProxies'>

/** The address that strangers reach. */
export interface PublicListener {
  /**
   * Puts a release's settings in force for new connections; open ones go on as they are.
   * @throws Error that names a certificate that cannot be used; then nothing has changed
   */
  use(settings: ListenerSettings): Promise<void>
  /** @throws Error (`EADDRINUSE`, `EACCES`, …) when the address cannot be had */
  listen(address: { host: string; port: number }): Promise<void>
  /** Of the certificates in force. */
  expiries(): CertificateExpiry[]
  /** Stops accepting, lets running requests finish, cuts what is left after eight seconds. */
  close(): Promise<void>
}

/**
 * HTTP/1.1 and HTTP/2 at one address. With TLS the client chooses (ALPN). Without it HTTP/1.1 is spoken, and HTTP/2 with
 * those peers that begin with it and are proxies of ours: they know beforehand (RFC 9113 §3.3).
 */
export function createPublicListener(handlers: ListenerHandlers, log: Logger): PublicListener {
  const sockets = new Set<Socket>()
  /** Those of which nobody knows yet what is spoken on them. */
  const undecided = new Set<Socket>()
  let settings: { tls: boolean; mayBeHttp2: (address: string) => boolean } | undefined
  const certificates = createCertificates(log, () => tls.renew())
  const http2 = createHttp2Part(handlers.request, (error) =>
    log.info({ error: oneLine(error) }, 'HTTP/2 connection ended'),
  )
  const speakHttp2 = (socket: Socket): void => {
    http2.server.emit('connection', socket)
  }
  const tls = createTlsPart(certificates, (socket) => {
    if (socket.alpnProtocol === 'h2') speakHttp2(socket)
    else http1.speak(socket)
  })
  const byFirstBytes = (socket: Socket): void => {
    undecided.add(socket)
    socket.once('close', () => undecided.delete(socket))
    awaitProtocol(socket, (protocol) => {
      undecided.delete(socket)
      if (protocol === 'http2') speakHttp2(socket)
      else http1.speak(socket)
    })
  }
  const http1 = createHttp1Part(handlers)
  const begin = beginTogether((socket) => {
    if (!settings) socket.destroy()
    else if (settings.tls) tls.handshake(socket)
    else if (!settings.mayBeHttp2(socket.remoteAddress ?? '')) http1.speak(socket)
    else byFirstBytes(socket)
  })
  const server = createServer(SOCKET_OPTIONS, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // Who speaks on it listens for its errors only then.
    socket.on('error', ignore)
    begin(socket)
  })
  return {
    async use({ tls: wanted, trustedProxies }) {
      await certificates.use(wanted?.certificates ?? [])
      settings = { tls: wanted !== undefined, mayBeHttp2: knownPeers(trustedProxies) }
    },
    listen: (address) => listenAt(server, address),
    expiries: () => certificates.expiries(),
    async close() {
      certificates.close()
      http1.drain()
      http2.drain()
      for (const socket of undecided) socket.destroy()
      const cut = (): void => {
        http2.cut()
        for (const socket of sockets) socket.destroy()
      }
      await closeServer(server, cut, DRAIN_MS)
    },
  }
}

/** What follows is the connection's end. */
function ignore(): void {
  // The socket destroys itself.
}

/** Proxies of ours, and this machine. */
function knownPeers(trustedProxies: readonly string[]): (address: string) => boolean {
  const known = new BlockList()
  known.addSubnet('127.0.0.0', 8, 'ipv4')
  known.addAddress('::1', 'ipv6')
  for (const network of trustedProxies) {
    const [address = '', prefix = ''] = network.split('/', 2)
    known.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return (address) => address !== '' && known.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
