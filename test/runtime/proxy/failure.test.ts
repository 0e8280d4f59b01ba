import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'

import {
  endpointTo,
  exchange,
  get,
  listen,
  nth,
  openWire,
  singleGroup,
  startGateway,
  startRawUpstream,
  startUpstream,
  statusOf,
} from './stage.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const raw = (answer: string): Promise<string> => startRawUpstream((socket) => socket.end(answer, 'latin1'))

describe('failures', () => {
  it('names what went wrong, says nothing of it to the client', async () => {
    const gone = await startUpstream()
    gone.server.close()
    await once(gone.server, 'close')
    const cases: [origin: string, code: string, status: number][] = [
      [gone.origin, 'upstream_unreachable', 502],
      ['http://name.invalid', 'upstream_unreachable', 502],
      [gone.origin.replace('http:', 'https:'), 'upstream_unreachable', 502],
      [await raw(''), 'upstream_closed', 502],
      [await raw('HTTP/1.1 200 OK\r\nX: '), 'upstream_closed', 502],
      [await raw('SSH-2.0-OpenSSH\r\n'), 'upstream_protocol', 502],
      [await raw('HTTP/1.1 200 OK\r\nX\0: 1\r\n\r\n'), 'upstream_protocol', 502],
      [await raw('HTTP/1.1 099 Low\r\n\r\n'), 'upstream_protocol', 502],
      [await raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'), 'upstream_protocol', 502],
      [await raw('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok'), 'upstream_protocol', 502],
      [await raw('HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'), 'upstream_protocol', 502],
      [await raw('HTTP/1.1 101 Switching\r\n\r\n'), 'upstream_protocol', 502],
      [await raw(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`), 'upstream_protocol', 502],
    ]
    for (const [origin, code, status] of cases) {
      const gateway = await startGateway(origin)
      const answer = await exchange(gateway.port, get('/'))
      expect({ origin, status: statusOf(answer), named: answer.includes(code) }).toEqual({
        origin,
        status,
        named: true,
      })
      expect(gateway.failures).toMatchObject([{ code, answerable: true, cause: expect.any(Error) }])
    }
  })

  it('gives up on an upstream that does not answer', async () => {
    const origin = await startRawUpstream(() => undefined)
    const gateway = await startGateway(origin, { limits: { firstByteMs: 30 } })
    expect(await exchange(gateway.port, get('/'))).toMatch(/^HTTP\/1\.1 504 [^]*upstream_timeout/)
    const body = get('/', 'Content-Length: 4').replace('GET', 'POST')
    expect(await exchange(gateway.port, `${body}body`)).toMatch(/^HTTP\/1\.1 504 [^]*upstream_timeout/)
  })

  it('gives up on a connection that TLS does not finish on', async () => {
    const origin = await startRawUpstream(() => undefined)
    const gateway = await startGateway(origin.replace('http:', 'https:'), { limits: { connectMs: 20 } })
    expect(await exchange(gateway.port, get('/'))).toMatch(/^HTTP\/1\.1 504 [^]*upstream_timeout/)
  })

  it('cuts off an answer that falls silent, and a client that does', async () => {
    const silent = await startRawUpstream((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart'))
    const gateway = await startGateway(silent, { limits: { idleMs: 20 } })
    expect(await exchange(gateway.port, get('/'))).toMatch(/part$/)
    expect(gateway.failures).toMatchObject([{ code: 'upstream_timeout', answerable: false }])
    const reading = await startRawUpstream(() => undefined)
    const other = await startGateway(reading, { limits: { idleMs: 20 } })
    await exchange(other.port, get('/', 'Content-Length: 4').replace('GET', 'POST'))
    expect(other.failures).toMatchObject([{ code: 'client_gone', answerable: false }])
  })

  it('refuses what is above the limit, and takes requests again when places are free', async () => {
    const arrived: ((socket: Socket) => void)[] = []
    const origin = await startRawUpstream((socket) => arrived.shift()?.(socket))
    const next = (): Promise<Socket> => new Promise((resolve) => arrived.push(resolve))
    const gateway = await startGateway(origin, { limits: { requests: 1 } })
    for (let round = 0; round < 2; round += 1) {
      const passed = next()
      const wire = openWire(gateway.port, get('/'))
      const upstream = await passed
      expect(await exchange(gateway.port, get('/'))).toMatch(/^HTTP\/1\.1 503 [^]*upstream_busy/)
      upstream.end(OK)
      expect(await wire.ended).toMatch(/ok$/)
    }
  })

  it('passes an early answer on although the body is still coming', async () => {
    const origin = await startRawUpstream((socket) => socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'))
    const gateway = await startGateway(origin)
    const wire = openWire(gateway.port, get('/', 'Content-Length: 1000000').replace('GET', 'POST'))
    expect(await wire.until(/\r\n\r\n$/)).toMatch(/^HTTP\/1\.1 413 /)
  })
})

/** Answers the first request on a connection; a second one on it meets a closed door. */
async function startForgetful(): Promise<{ origin: string; seen: string[]; connections: () => number }> {
  const seen: string[] = []
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    let requests = 0
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      requests += 1
      seen.push(chunk.toString('latin1').split(' HTTP')[0] ?? '')
      if (requests === 1) socket.write(OK)
      else socket.destroy()
    })
  })
  return { origin: `http://127.0.0.1:${await listen(server)}`, seen, connections: () => connections }
}

describe('kept connections', () => {
  it('uses one connection for one request after the other', async () => {
    const upstream = await startUpstream()
    const gateway = await startGateway(upstream.origin)
    for (let count = 0; count < 5; count += 1) await exchange(gateway.port, get('/'))
    expect(new Set(upstream.requests.map((req) => req.socket.remotePort)).size).toBe(1)
  })

  it('asks once more when a kept connection turns out to be closed', async () => {
    const upstream = await startForgetful()
    const gateway = await startGateway(upstream.origin)
    await exchange(gateway.port, get('/1'))
    expect(await exchange(gateway.port, get('/2'))).toMatch(/ok$/)
    expect(upstream.seen).toEqual(['GET /1', 'GET /2', 'GET /2'])
    expect(upstream.connections()).toBe(2)
    expect(gateway.failures).toHaveLength(0)
  })

  it('asks only once for what may have an effect each time, or has a body', async () => {
    for (const bytes of [
      get('/2').replace('GET', 'POST'),
      get('/2', 'Content-Length: 1').replace('GET', 'PUT') + 'x',
    ]) {
      const upstream = await startForgetful()
      const gateway = await startGateway(upstream.origin)
      await exchange(gateway.port, get('/1'))
      expect(await exchange(gateway.port, bytes)).toMatch(/ 502 [^]*upstream_closed/)
      expect(upstream.seen.filter((line) => line.endsWith('/2'))).toHaveLength(1)
    }
  })

  it('ends idle ones on close, and a busy one after its exchange', async () => {
    const held: ServerResponse[] = []
    const upstream = await startUpstream((req, res) => {
      if (req.url === '/busy') held.push(res)
      else res.end('ok')
    })
    // Without a hint from the upstream, only `close` can end them within this test.
    upstream.server.keepAliveTimeout = 0
    const client = endpointTo(upstream.origin)
    const upstreams = singleGroup(client, { requests: 10, tunnels: 10 })
    const gateway = await startGateway(upstream.origin, { route: { upstreams } })
    const sockets: Socket[] = []
    upstream.server.on('connection', (socket: Socket) => sockets.push(socket))
    const busy = openWire(gateway.port, get('/busy'))
    await once(upstream.server, 'request')
    await exchange(gateway.port, get('/'))
    const idle = once(nth(sockets, 1), 'close')
    client.close()
    await idle
    expect(sockets[0]?.destroyed).toBe(false)
    const ended = once(nth(sockets, 0), 'close')
    nth(held, 0).end('done')
    expect(await busy.ended).toMatch(/done/)
    await ended
  })
})
