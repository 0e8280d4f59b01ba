import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { describe, expect, it, onTestFinished } from 'vitest'

import {
  createRouteForward,
  type Forward,
  type ProxyFailure,
  proxyRequest,
  type RouteForwardOptions,
} from '../../../runtime/proxy/index.ts'
import { endpointTo, listen, nth, PUBLIC_ORIGIN, singleGroup, startRawUpstream, startUpstream } from './stage.ts'

interface Front {
  session: ClientHttp2Session
  failures: ProxyFailure[]
}

/** A client of a gateway that speaks HTTP/2, as `node:http2` gives its requests. */
async function startFront(to: string, options: Partial<RouteForwardOptions> = {}): Promise<Front> {
  const failures: ProxyFailure[] = []
  const route = createRouteForward({
    upstreams: singleGroup(endpointTo(to), { requests: 10, tunnels: 10 }),
    publicOrigin: PUBLIC_ORIGIN,
    preserveHost: false,
    timeouts: { connectMs: 5_000, firstByteMs: 5_000, idleMs: 5_000 },
    limits: {},
    retries: 0,
    identityHeaders: [],
    ownCookies: (name) => name.startsWith('__Host-gatewright'),
    privateResponse: true,
    ...options,
  })
  const server = createServer((req, res) => {
    const forward: Forward = {
      route,
      target: req.url,
      identityHeaders: [['X-Gatewright-Assertion', 'signed']],
      consumedHeaders: [],
      clientAddress: '192.0.2.7',
      onFailure(failure) {
        failures.push(failure)
        if (failure.answerable) res.writeHead(502).end(failure.code)
      },
    }
    proxyRequest(req, res, forward)
  })
  const port = await listen(server)
  const session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => undefined)
  onTestFinished(() => session.destroy())
  return { session, failures }
}

interface Answer {
  headers: IncomingHttpHeaders
  content: string
  trailers: IncomingHttpHeaders
  informed: number[]
  code: number
}

function ask(
  { session }: Front,
  headers: OutgoingHttpHeaders,
  body?: string,
): { stream: ClientHttp2Stream; answer: Promise<Answer> } {
  const stream = session.request(headers, { endStream: body === undefined })
  const heard: Answer = { headers: {}, content: '', trailers: {}, informed: [], code: 0 }
  stream.on('headers', (fields) => heard.informed.push(Number(fields[':status'])))
  stream.on('response', (fields) => (heard.headers = fields))
  stream.on('trailers', (fields) => (heard.trailers = fields))
  stream.on('data', (chunk) => (heard.content += String(chunk)))
  stream.on('error', () => undefined)
  if (body !== undefined) stream.end(body)
  return {
    stream,
    answer: new Promise((resolve) => stream.once('close', () => resolve({ ...heard, code: stream.rstCode }))),
  }
}

const PATH = { ':path': '/a?b' }

describe('a client that speaks HTTP/2', () => {
  it('is passed on as HTTP/1.1: no pseudo-fields, one Cookie, what is stripped elsewhere stripped', async () => {
    const upstream = await startUpstream((_req, res) => {
      res.writeHead(200, ['Connection', 'X-Hop', 'X-Hop', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-A', '1'])
      res.end('hello')
    })
    const front = await startFront(upstream.origin)
    const headers = {
      ...PATH,
      cookie: ['a=1', '__Host-gatewright=secret', 'b=2'],
      x_forwarded_user: 'evil',
      te: 'trailers',
    }
    const { headers: answered, content } = await ask(front, headers).answer
    const seen = nth(upstream.requests, 0)
    expect([seen.method, seen.url, seen.headers.cookie, seen.headers.te]).toEqual([
      'GET',
      '/a?b',
      'a=1; b=2',
      'trailers',
    ])
    expect(seen.rawHeaders.join('\n')).not.toMatch(/secret|evil|^:/m)
    expect(seen.headers).toMatchObject({ 'x-gatewright-assertion': 'signed', 'x-forwarded-for': '192.0.2.7' })
    expect(content).toBe('hello')
    expect(answered).toMatchObject({
      ':status': 200,
      'set-cookie': ['a=1', 'b=2'],
      'x-a': '1',
      'cache-control': 'private',
    })
    for (const name of ['connection', 'x-hop', 'keep-alive', 'transfer-encoding'])
      expect(answered).not.toHaveProperty(name)
  })

  it('sends bodies of a known and an unknown length, and gets trailers', async () => {
    const upstream = await startUpstream((req, res) => {
      req.on('end', () => res.addTrailers({ 'X-Sum': '42' }))
      req.pipe(res.writeHead(200, { Trailer: 'X-Sum' }))
    })
    const front = await startFront(upstream.origin)
    const open = await ask(front, { ...PATH, ':method': 'POST' }, 'hello').answer
    const known = await ask(front, { ...PATH, ':method': 'POST', 'content-length': '5' }, 'hello').answer
    for (const { content, trailers } of [open, known]) expect([content, trailers['x-sum']]).toEqual(['hello', '42'])
    expect(upstream.requests.map(({ headers }) => [headers['transfer-encoding'], headers['content-length']])).toEqual([
      ['chunked', undefined],
      [undefined, '5'],
    ])
  })

  it('hears early hints, and answers without content', async () => {
    const upstream = await startUpstream((req, res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload' })
      res.writeHead(req.url === '/204' ? 204 : 200, { 'Content-Length': req.url === '/204' ? 0 : 1000 }).end()
    })
    const front = await startFront(upstream.origin)
    const head = await ask(front, { ':path': '/', ':method': 'HEAD' }).answer
    expect([head.informed, head.headers['content-length'], head.code]).toEqual([[103], '1000', 0])
    const empty = await ask(front, { ':path': '/204' }).answer
    expect([empty.headers[':status'], empty.content, empty.code]).toEqual([204, '', 0])
  })

  it('gets the head of an event stream at once, and ends it with its stream', async () => {
    const streams: ServerResponse[] = []
    const upstream = await startUpstream((_req, res) => {
      streams.push(res.writeHead(200, { 'Content-Type': 'text/event-stream' }))
      res.flushHeaders()
    })
    const front = await startFront(upstream.origin)
    const { stream } = ask(front, PATH)
    await once(stream, 'response')
    const gone = once(nth(streams, 0), 'close')
    stream.close(constants.NGHTTP2_CANCEL)
    await gone
    while (front.failures.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(front.failures).toMatchObject([{ code: 'client_gone', answerable: false }])
  })

  it('sees that an answer was cut, and keeps its connection', async () => {
    const origin = await startRawUpstream((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'),
    )
    const front = await startFront(origin)
    for (let count = 0; count < 2; count += 1) {
      expect((await ask(front, PATH).answer).code).toBe(constants.NGHTTP2_INTERNAL_ERROR)
    }
    expect(front.failures.map(({ code }) => code)).toEqual(['upstream_closed', 'upstream_closed'])
  })

  it('gets an early answer although its body is still coming', async () => {
    const origin = await startRawUpstream((socket) =>
      socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno'),
    )
    const front = await startFront(origin)
    const stream = front.session.request({ ...PATH, ':method': 'POST' }, { endStream: false })
    stream.on('error', () => undefined)
    stream.write('part')
    const [headers] = await once(stream, 'response')
    expect((headers as IncomingHttpHeaders)[':status']).toBe(413)
    stream.close()
  })
})
