import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'

import { type Gateway, get, nth, openWire, startGateway, startRawUpstream, startUpstream } from './stage.ts'

const HOST = { host: 'hello.gw.localhost' }
const CHUNK = Buffer.alloc(64 * 1024, 'x')
const MANY = 512

function ask(gateway: Gateway, options: Parameters<typeof request>[1] = {}) {
  return request({ port: gateway.port, host: '127.0.0.1', headers: HOST, agent: false, ...options })
}

function answered(req: ReturnType<typeof ask>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => req.once('response', resolve).once('error', reject))
}

/** Writes until told to wait; gives how many bytes it took, or all when nobody ever said so. */
async function writeUntilFull(sink: NodeJS.WritableStream): Promise<number> {
  for (let count = 0; count < MANY; count += 1) {
    if (sink.write(CHUNK)) continue
    const drained = await Promise.race([once(sink, 'drain').then(() => true), stalled()])
    if (!drained) return (count + 1) * CHUNK.length
  }
  return MANY * CHUNK.length
}

/** Settles once the event loop has turned often with nothing left to move on loopback. */
async function stalled(): Promise<false> {
  for (let turn = 0; turn < 400; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  return false
}

describe('streaming', () => {
  it('holds the client back while the upstream does not read, and loses nothing', async () => {
    const upstream = await startUpstream(() => undefined)
    const gateway = await startGateway(upstream.origin)
    const req = ask(gateway, { method: 'POST' })
    const taken = await writeUntilFull(req)
    expect(taken).toBeLessThan(MANY * CHUNK.length)
    const [incoming] = upstream.requests
    let read = 0
    incoming?.on('data', (chunk: Buffer) => (read += chunk.length))
    req.end()
    await once(nth(upstream.requests, 0), 'end')
    expect(read).toBe(taken)
    req.destroy()
  })

  it('holds the upstream back while the client does not read, and loses nothing', async () => {
    const sinks: ServerResponse[] = []
    const upstream = await startUpstream((_req, res) => {
      sinks.push(res)
      res.flushHeaders()
    })
    const gateway = await startGateway(upstream.origin)
    const answer = await answered(ask(gateway).end())
    const taken = await writeUntilFull(nth(sinks, 0))
    expect(taken).toBeLessThan(MANY * CHUNK.length)
    nth(sinks, 0).end()
    let read = 0
    for await (const chunk of answer) read += Buffer.byteLength(String(chunk))
    expect(read).toBe(taken)
  })

  it('delivers head and events of a stream as they come', async () => {
    const streams: ServerResponse[] = []
    const upstream = await startUpstream((_req, res) => {
      streams.push(res.writeHead(200, { 'Content-Type': 'text/event-stream' }))
      res.flushHeaders()
    })
    const gateway = await startGateway(upstream.origin)
    const wire = openWire(gateway.port, get('/events'))
    await wire.until(/text\/event-stream\r\n[^]*\r\n\r\n/)
    for (const event of ['data: one\n\n', 'data: two\n\n']) {
      nth(streams, 0).write(event)
      await wire.until(new RegExp(event))
    }
    wire.socket.destroy()
    await once(nth(streams, 0), 'close')
    expect((await settled(gateway)).code).toBe('client_gone')
  })

  it('ends the upstream request when the client goes away in the middle of its own', async () => {
    const upstream = await startUpstream(() => undefined)
    const gateway = await startGateway(upstream.origin)
    const failure = gateway.nextFailure()
    const req = ask(gateway, { method: 'POST' })
    req.on('error', () => undefined)
    req.write('part')
    await once(upstream.server, 'request')
    const incoming = nth(upstream.requests, 0)
    const aborted = once(incoming, 'error')
    req.destroy()
    await aborted
    expect(incoming.complete).toBe(false)
    expect(await failure).toMatchObject({ code: 'client_gone', answerable: false })
  })

  it('cuts the client off when the upstream dies in the middle of its answer', async () => {
    for (const framing of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
      const origin = await startRawUpstream((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n4\r\npart\r\n`)
      })
      const gateway = await startGateway(origin)
      const failure = gateway.nextFailure()
      const answer = await openWire(gateway.port, get('/')).ended
      expect(answer).toContain('part')
      expect(answer).not.toContain('\r\n0\r\n')
      expect(await failure).toMatchObject({ code: 'upstream_closed', answerable: false })
    }
  })

  it('passes trailers both ways', async () => {
    const upstream = await startUpstream((req, res) => {
      req.resume().on('end', () => {
        res.writeHead(200, { Trailer: 'X-Sum' })
        res.write('hello')
        res.addTrailers({ 'X-Sum': String(req.trailers['x-sum']), 'Set-Cookie': 'late=1' })
        res.end()
      })
    })
    const gateway = await startGateway(upstream.origin)
    const headers = { ...HOST, Trailer: 'X-Sum', TE: 'trailers' }
    const req = ask(gateway, { method: 'POST', headers })
    req.write('body')
    req.addTrailers({ 'X-Sum': '42' })
    const answer = await answered(req.end())
    await once(answer.resume(), 'end')
    expect(answer.trailers).toEqual({ 'x-sum': '42' })
    expect(answer.headers.trailer).toBe('X-Sum')
    expect(upstream.requests[0]?.headers).toMatchObject({ te: 'trailers', trailer: 'X-Sum' })
  })

  it('passes early hints on', async () => {
    const upstream = await startUpstream((_req, res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload; as=style', 'set-cookie': '__Host-gatewright=evil' })
      res.end('page')
    })
    const gateway = await startGateway(upstream.origin)
    const answer = await openWire(gateway.port, get('/')).ended
    expect(answer).toMatch(/^HTTP\/1\.1 103 [^]*<\/a\.css>[^]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
    expect(answer).not.toContain('evil')
  })

  it('takes no notice of a 100 from the upstream that nobody asked for', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    const origin = await startRawUpstream((socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${answer}`))
    const gateway = await startGateway(origin)
    expect(await openWire(gateway.port, get('/')).ended).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })
})

async function settled(gateway: Gateway) {
  return gateway.failures[0] ?? gateway.nextFailure()
}

const next = (method: string, path: string): string => `${method} ${path} HTTP/1.1\r\nHost: hello.gw.localhost\r\n\r\n`

const post = (...headers: string[]): string => get('/', ...headers).replace('GET', 'POST')

describe('framing', () => {
  const EXPECT = 'POST / HTTP/1.1\r\nHost: hello.gw.localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n'

  it('says 100 Continue itself, once the request is passed on, and forwards no Expect', async () => {
    const upstream = await startUpstream((req, res) => req.pipe(res))
    const gateway = await startGateway(upstream.origin)
    const wire = openWire(gateway.port, `${EXPECT}Connection: close\r\n\r\n`)
    await wire.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    wire.socket.write('body')
    expect(await wire.ended).toMatch(/HTTP\/1\.1 200 OK\r\n[^]*body/)
    expect(upstream.requests[0]?.headers.expect).toBeUndefined()
  })

  it('says no 100 Continue to what is refused, nor when there is no upstream', async () => {
    const upstream = await startUpstream()
    const refused = await startGateway(upstream.origin)
    const bytes = EXPECT.replace('POST /', 'POST /../') + '\r\n'
    expect(await openWire(refused.port, bytes).ended).toMatch(/^HTTP\/1\.1 400 /)
    const nowhere = await startGateway(await closedOrigin())
    expect(await openWire(nowhere.port, `${EXPECT}\r\n`).ended).toMatch(/^HTTP\/1\.1 502 /)
    expect(upstream.requests).toHaveLength(0)
  })

  it('keeps a connection after HEAD, 204 and 304, and drops their length where they have none', async () => {
    const sockets = new Set<Socket>()
    const origin = await startRawUpstream((socket, first) => {
      sockets.add(socket)
      const answers: Record<string, string> = {
        '/head': 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n',
        '/204': 'HTTP/1.1 204 No Content\r\n\r\n',
        '/304': 'HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n',
        '/': 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast',
      }
      const speak = (text: string): void => void socket.write(answers[text.split(' ')[1] ?? ''] ?? '')
      speak(first)
      socket.on('data', (chunk) => speak(chunk.toString('latin1')))
    })
    const gateway = await startGateway(origin)
    const wire = openWire(gateway.port, next('HEAD', '/head'))
    await wire.until(/Content-Length: 1000\r\n[^]*\r\n\r\n$/)
    wire.socket.write(next('GET', '/204'))
    await wire.until(/ 204 [^]*\r\n\r\n$/)
    wire.socket.write(next('GET', '/304'))
    await wire.until(/ 304 [^]*\r\n\r\n$/)
    wire.socket.write(next('GET', '/'))
    expect(await wire.until(/last$/)).not.toMatch(/ 304 [^]*Content-Length: 7/)
    expect(sockets.size).toBe(1)
  })

  it('drops Content-Length from a 204', async () => {
    const origin = await startRawUpstream((socket) => {
      socket.end('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n')
    })
    const gateway = await startGateway(origin)
    expect(await openWire(gateway.port, get('/')).ended).not.toMatch(/content-length|transfer-encoding/i)
  })

  it('frames a body once, as the client did', async () => {
    const seen: string[] = []
    const origin = await startRawUpstream((socket, first) => {
      let text = first
      const look = (): void => {
        if (!/(?:hello|0\r\n\r\n|\r\n\r\n$)$/.test(text)) return
        seen.push(text.toLowerCase())
        socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n')
      }
      look()
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
        look()
      })
    })
    const gateway = await startGateway(origin)
    const bodies = [
      post('Content-Length: 5') + 'hello',
      post('Transfer-Encoding: CHUNKED') + '5\r\nhello\r\n0\r\n\r\n',
      post(),
    ]
    for (const bytes of bodies) {
      const answer = await openWire(gateway.port, bytes).ended
      expect(answer.match(/transfer-encoding/gi)).toHaveLength(1)
    }
    expect(seen.map((text) => text.match(/^(?:content-length|transfer-encoding).*$/gm))).toEqual([
      ['content-length: 5'],
      ['transfer-encoding: chunked'],
      null,
    ])
  })

  it('speaks HTTP/1.0 to a client that does: no chunks, no hints', async () => {
    const upstream = await startUpstream((_req, res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload' })
      res.write('one')
      res.end('two')
    })
    const gateway = await startGateway(upstream.origin)
    const answer = await openWire(gateway.port, 'GET / HTTP/1.0\r\nHost: hello.gw.localhost\r\n\r\n').ended
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nonetwo$/)
    expect(answer).not.toMatch(/transfer-encoding/i)
  })
})

async function closedOrigin(): Promise<string> {
  const upstream = await startUpstream()
  upstream.server.close()
  await once(upstream.server, 'close')
  return upstream.origin
}
