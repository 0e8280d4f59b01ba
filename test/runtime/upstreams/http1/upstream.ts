import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { onTestFinished } from 'vitest'

import { loopbackLookup } from '../../../../runtime/net/index.ts'
import type {
  AnswerHandler,
  AnswerHead,
  Endpoint,
  OutgoingExchange,
  OutgoingHead,
  UpstreamFailure,
} from '../../../../runtime/upstreams/contract.ts'
import { createHttp1Endpoint, type Http1EndpointOptions } from '../../../../runtime/upstreams/http1/index.ts'

export interface RawUpstream {
  port: number
  sockets: Socket[]
  /** All bytes that came, by connection. */
  received: string[]
  close(): Promise<void>
}

/** An upstream that speaks raw bytes: `speak` is called for what arrives on a connection. */
export async function startRaw(
  speak: (socket: Socket, text: string, connection: number) => void,
  tls?: TlsOptions,
): Promise<RawUpstream> {
  const sockets: Socket[] = []
  const received: string[] = []
  const serve = (socket: Socket): void => {
    const connection = sockets.push(socket) - 1
    received.push('')
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      received[connection] += chunk.toString('latin1')
      speak(socket, chunk.toString('latin1'), connection)
    })
  }
  const server = tls ? createTlsServer(tls, serve) : createServer(serve)
  server.on('tlsClientError', () => undefined)
  const port = await listen(server)
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  onTestFinished(close)
  return { port, sockets, received, close }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    }),
  )
}

export function endpointTo(origin: string, options: Partial<Http1EndpointOptions> = {}): Endpoint {
  const endpoint = createHttp1Endpoint({
    origin,
    connectMs: 5_000,
    keepAliveMs: 30_000,
    lookup: loopbackLookup,
    ...options,
  })
  onTestFinished(() => endpoint.close())
  return endpoint
}

/** What came of an exchange. */
export interface Heard {
  informed: number[]
  head?: AnswerHead
  content: string
  trailers?: string[]
  failure?: UpstreamFailure
}

export interface Asked {
  heard: Heard
  exchange: OutgoingExchange
  connected: Promise<void>
  /** Settles with the end of the answer or its failure. */
  over: Promise<Heard>
}

export const GET: OutgoingHead = { method: 'GET', target: '/', headers: ['Host', 'app'], hasBody: false }

/** A request with a body. */
export function post(...framing: string[]): OutgoingHead {
  return { method: 'POST', target: '/', headers: ['Host', 'app', ...framing], hasBody: true }
}

/** Sends a request and writes down what is heard. */
export function ask(endpoint: Endpoint, head: OutgoingHead = GET, react: Partial<AnswerHandler> = {}): Asked {
  const heard: Heard = { informed: [], content: '' }
  const over = Promise.withResolvers<Heard>()
  const connected = Promise.withResolvers<void>()
  const exchange = endpoint.send(head, {
    connected: () => connected.resolve(),
    information: (status) => void heard.informed.push(status),
    head: (answer) => void (heard.head = answer),
    data(chunk) {
      heard.content += chunk.toString('latin1')
      return true
    },
    end(trailers) {
      heard.trailers = trailers
      over.resolve(heard)
    },
    drain: () => undefined,
    failed(failure) {
      heard.failure = failure
      over.resolve(heard)
    },
    ...react,
  })
  return { heard, exchange, connected: connected.promise, over: over.promise }
}
