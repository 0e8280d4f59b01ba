import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

import { type Http1Request, type Http1Response, Http1Server } from '../../../runtime/http1/index.ts'
import { loopbackLookup } from '../../../runtime/net/index.ts'
import {
  createRouteForward,
  type Forward,
  type ProxyFailure,
  proxyRequest,
  proxyUpgrade,
  type RouteForwardOptions,
  type Tunnel,
  websocketOriginAllowed,
} from '../../../runtime/proxy/index.ts'
import type { Endpoint, UpstreamGroup } from '../../../runtime/upstreams/contract.ts'
import { createHttp1Endpoint } from '../../../runtime/upstreams/http1/index.ts'
import {
  canonicalTarget,
  checkRequest,
  hostKey,
  isWebSocketUpgrade,
  refuse,
  wireRefusal,
} from '../../../runtime/wire/index.ts'

export const PUBLIC_ORIGIN = 'http://hello.gw.localhost'

const STATUS: Record<string, number> = {
  upstream_timeout: 504,
  upstream_busy: 503,
  body_too_large: 413,
  headers_too_large: 431,
}

export interface Gateway {
  port: number
  server: TcpServer
  failures: ProxyFailure[]
  tunnels: Tunnel[]
  /** Settles with the next failure. */
  nextFailure(): Promise<ProxyFailure>
}

/** Times are in milliseconds. */
interface Limits {
  connectMs: number
  firstByteMs: number
  idleMs: number
  totalMs: number | undefined
  requests: number
  tunnels: number
}

const LIMITS: Limits = {
  connectMs: 5_000,
  firstByteMs: 60_000,
  idleMs: 300_000,
  totalMs: undefined,
  requests: 4_096,
  tunnels: 4_096,
}

export interface Stage {
  forward?: Partial<Forward>
  route?: Partial<RouteForwardOptions>
  limits?: Partial<Limits>
  allowEncodedSlash?: boolean
  /** Given each request before anything else looks at it. */
  received?: (request: Http1Request) => void
}

/** A group of one server, which refuses what is above its limits. */
export function singleGroup(endpoint: Endpoint, limits: { requests: number; tunnels: number }): UpstreamGroup {
  const used = { requests: 0, tunnels: 0 }
  return {
    choose(kind) {
      if (used[kind] >= limits[kind]) return undefined
      used[kind] += 1
      let isHeld = true
      const release = (): void => {
        if (isHeld) used[kind] -= 1
        isHeld = false
      }
      return { endpoint, release }
    },
    close: () => endpoint.close(),
  }
}

/** The client side of one upstream. */
export function endpointTo(origin: string, connectMs: number = LIMITS.connectMs): Endpoint {
  const endpoint = createHttp1Endpoint({ origin, connectMs, keepAliveMs: 30_000, lookup: loopbackLookup })
  onTestFinished(() => endpoint.close())
  return endpoint
}

/** A gateway as small as it can be: wire checks, one route, the proxy. */
export async function startGateway(to: string, stage: Stage = {}): Promise<Gateway> {
  const { requests, tunnels: maxTunnels, ...timeouts } = { ...LIMITS, ...stage.limits }
  const route = createRouteForward({
    upstreams: singleGroup(endpointTo(to, timeouts.connectMs), { requests, tunnels: maxTunnels }),
    publicOrigin: PUBLIC_ORIGIN,
    preserveHost: false,
    timeouts,
    limits: {},
    retries: 0,
    identityHeaders: [],
    ownCookies: (name) => name.startsWith('__Host-gatewright'),
    privateResponse: false,
    ...stage.route,
  })
  const failures: ProxyFailure[] = []
  const waiting: ((failure: ProxyFailure) => void)[] = []
  const tunnels: Tunnel[] = []
  const decide = (req: Http1Request, res: Http1Response): Forward | undefined => {
    const refusal = checkRequest(req)
    const target = refusal ?? canonicalTarget(req.url ?? '', { allowEncodedSlash: stage.allowEncodedSlash ?? false })
    if ('code' in target) {
      refuse(res, target)
      return undefined
    }
    if (hostKey(req.headers.host ?? '') !== 'hello.gw.localhost') {
      res.writeHead(404).end()
      return undefined
    }
    return {
      route,
      target: target.path + target.query,
      identityHeaders: [],
      consumedHeaders: [],
      clientAddress: req.socket.remoteAddress ?? '',
      onFailure: (failure) => {
        failures.push(failure)
        for (const settle of waiting.splice(0)) settle(failure)
        if (failure.answerable) res.writeHead(STATUS[failure.code] ?? 502).end(failure.code)
      },
      ...stage.forward,
    }
  }
  const http1 = new Http1Server({
    request(req, res) {
      stage.received?.(req)
      const forward = decide(req, res)
      if (!forward) return
      if (!isWebSocketUpgrade(req)) proxyRequest(req, res, forward)
      else if (!websocketOriginAllowed(req, [PUBLIC_ORIGIN])) res.writeHead(403).end()
      else void proxyUpgrade(req, res, forward).then((tunnel) => tunnel && tunnels.push(tunnel))
    },
    refuse: (res, problem) => refuse(res, wireRefusal(problem)),
  })
  onTestFinished(() => http1.drain())
  const server = createTcpServer({ allowHalfOpen: false, noDelay: true }, (socket) => http1.speak(socket))
  const nextFailure = (): Promise<ProxyFailure> => new Promise((resolve) => waiting.push(resolve))
  return { port: await listen(server), server, failures, tunnels, nextFailure }
}

export interface Upstream {
  origin: string
  /** What it was asked, in order. */
  requests: IncomingMessage[]
  server: Server
}

/** A real upstream that keeps what it was asked. */
export async function startUpstream(
  answer: (req: IncomingMessage, res: ServerResponse) => void = (_req, res) => void res.end('hello'),
): Promise<Upstream> {
  const requests: IncomingMessage[] = []
  const server = createServer((req, res) => {
    requests.push(req)
    answer(req, res)
  })
  return { origin: `http://127.0.0.1:${await listen(server)}`, requests, server }
}

/** An upstream that answers in raw bytes; `speak` gets a connection and the first chunk that arrived on it. */
export async function startRawUpstream(speak: (socket: Socket, first: string) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (chunk) => speak(socket, chunk.toString('latin1')))
  })
  return `http://127.0.0.1:${await listen(server)}`
}

/** A connection on which a test writes and reads bytes as it likes. */
export interface Wire {
  socket: Socket
  /** All that came until now. */
  received(): string
  /** Settles when what came matches; rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>
  /** Settles with all that came when the connection has ended. */
  ended: Promise<string>
}

export function openWire(port: number, bytes: string | Buffer = ''): Wire {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: false })
  const chunks: Buffer[] = []
  const received = (): string => Buffer.concat(chunks).toString('latin1')
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => socket.destroy())
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(received())))
  onTestFinished(() => void socket.destroy())
  if (bytes.length > 0) socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  const until = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(received())) resolve(received())
      }
      look()
      socket.on('data', look)
      socket.once('close', () => {
        look()
        reject(new Error(`the connection ended with ${JSON.stringify(received())}`))
      })
    })
  return { socket, received, until, ended }
}

/** Sends bytes and gives all that came back until the connection ended. */
export function exchange(port: number, bytes: string | Buffer): Promise<string> {
  return openWire(port, bytes).ended
}

/** A request in raw bytes that ends its connection. */
export function get(path: string, ...headers: string[]): string {
  return ['GET ' + path + ' HTTP/1.1', 'Host: hello.gw.localhost', ...headers, 'Connection: close', '', ''].join('\r\n')
}

export function listen(server: Server | TcpServer): Promise<number> {
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
        for (const socket of sockets) socket.destroy()
      }),
  )
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(portOf(server))))
}

function portOf(server: Server | TcpServer): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

/** The n-th of what a test has collected. */
export function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new Error(`there are ${items.length}, asked for the one at ${index}`)
  return item
}

/** The status of a raw answer; 0 when there is none. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0)
}
