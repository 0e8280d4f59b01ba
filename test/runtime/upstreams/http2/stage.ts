import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import { onTestFinished } from 'vitest'

import { loopbackLookup } from '../../../../runtime/net/index.ts'
import type { Endpoint } from '../../../../runtime/upstreams/contract.ts'
import { createHttp2Endpoint, type Http2EndpointOptions } from '../../../../runtime/upstreams/http2/index.ts'
import { listen } from '../listen.ts'

/** What a server was asked on one stream. */
export interface SeenStream {
  stream: ServerHttp2Stream
  headers: IncomingHttpHeaders
  /** Name, value, name, value, pseudo-fields included. */
  raw: string[]
}

export interface Http2Upstream {
  origin: string
  streams: SeenStream[]
  sessions: ServerHttp2Session[]
}

/** A real server that speaks HTTP/2 without TLS. */
export async function startHttp2Upstream(
  answer: (seen: SeenStream) => void,
  options: ServerOptions = {},
): Promise<Http2Upstream> {
  const streams: SeenStream[] = []
  const sessions: ServerHttp2Session[] = []
  const server = createServer(options)
  server.on('session', (session) => sessions.push(session))
  server.on('sessionError', () => undefined)
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    stream.on('error', () => undefined)
    const seen = { stream, headers, raw }
    streams.push(seen)
    answer(seen)
  })
  return { origin: `http://${await listen(server)}`, streams, sessions }
}

/** An endpoint that is closed when the test has finished. */
export function openEndpoint(origin: string, options: Partial<Http2EndpointOptions> = {}): Endpoint {
  const endpoint = createHttp2Endpoint({
    origin,
    connectMs: 5_000,
    keepAliveMs: 30_000,
    lookup: loopbackLookup,
    ...options,
  })
  onTestFinished(() => endpoint.close())
  return endpoint
}

/** The n-th of what a test has collected. */
export function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new Error(`there are ${items.length}, asked for the one at ${index}`)
  return item
}
