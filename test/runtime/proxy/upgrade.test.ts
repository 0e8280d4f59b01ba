import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'

import { type Gateway, nth, openWire, PUBLIC_ORIGIN, startGateway, startRawUpstream, statusOf } from './stage.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
const SWITCH = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`

const handshake = (...headers: string[]): string =>
  [
    'GET /chat HTTP/1.1',
    'Host: hello.gw.localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...headers,
    '',
    '',
  ].join('\r\n')

const ORIGIN = `Origin: ${PUBLIC_ORIGIN}`

/** Agrees to every handshake, then sends every byte back. */
async function startEcho(): Promise<{ origin: string; heads: string[]; sockets: Socket[] }> {
  const heads: string[] = []
  const sockets: Socket[] = []
  const origin = await startRawUpstream((socket, first) => {
    heads.push(first)
    sockets.push(socket)
    const key = /sec-websocket-key: (.*)\r\n/i.exec(first)?.[1] ?? ''
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(`${SWITCH}Sec-WebSocket-Accept: ${accept}\r\nSet-Cookie: __Host-gatewright=evil\r\n\r\n`)
    socket.on('data', (chunk: Buffer) => socket.write(unmasked(chunk)))
  })
  return { origin, heads, sockets }
}

/** A short text frame from a client as a server sends it; other bytes as they are. */
function unmasked(frame: Buffer): Buffer {
  const length = (frame[1] ?? 0) & 0x7f
  if (frame[0] !== 0x81 || length > 125 || frame.length !== length + 6) return frame
  const content = frame.subarray(6).map((byte, index) => byte ^ (frame[2 + (index % 4)] ?? 0))
  return Buffer.concat([Buffer.from([0x81, length]), content])
}

async function openChat(gateway: Gateway) {
  const wire = openWire(gateway.port, handshake(ORIGIN))
  await wire.until(/^HTTP\/1\.1 101 [^]*\r\n\r\n/)
  return wire
}

describe('WebSockets', () => {
  it('joins both sides after the right answer, with early bytes, and strips what is stripped elsewhere', async () => {
    const echo = await startEcho()
    const gateway = await startGateway(echo.origin, {
      forward: { identityHeaders: [['X-Gatewright-Assertion', 'signed']] },
    })
    const headers = [ORIGIN, 'X_Gatewright_Assertion: spoofed', 'Cookie: __Host-gatewright=secret; a=1']
    const wire = openWire(gateway.port, `${handshake(...headers)}early`)
    const answer = await wire.until(/\r\n\r\nearly$/)
    expect(answer).toContain(`Sec-WebSocket-Accept: ${ACCEPT}`)
    expect(answer).not.toContain('evil')
    expect(echo.heads[0]).toMatch(/\r\nCookie: a=1\r\n/)
    expect(echo.heads[0]).toContain('X-Gatewright-Assertion: signed')
    expect(echo.heads[0]).not.toMatch(/spoofed|secret|early/)
    wire.socket.write(`${'y'.repeat(1_000_000)}END`)
    expect(await wire.until(/END$/)).toHaveLength(answer.length + 1_000_003)
    wire.socket.end()
    await gateway.tunnels[0]?.closed
    expect(gateway.failures).toHaveLength(0)
  })

  it('serves a client that frames its messages', async () => {
    const echo = await startEcho()
    // This client sends no Origin, as no browser does; the route is asked for with its own check.
    const gateway = await startGateway(echo.origin, {
      received(req) {
        req.rawHeaders.push('Origin', PUBLIC_ORIGIN)
        req.rawHeaders[req.rawHeaders.findIndex((name) => name.toLowerCase() === 'host') + 1] = 'hello.gw.localhost'
      },
    })
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/chat`)
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
    const message = new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    )
    socket.send('hello')
    expect(await message).toBe('hello')
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve, { once: true }))
    gateway.tunnels[0]?.close()
    await closed
  })

  it('ends both sides on close (45), and each with the other', async () => {
    const echo = await startEcho()
    const gateway = await startGateway(echo.origin)
    const first = await openChat(gateway)
    gateway.tunnels[0]?.close()
    await Promise.all([first.ended, gateway.tunnels[0]?.closed])
    const second = await openChat(gateway)
    echo.sockets[1]?.destroy()
    await Promise.all([second.ended, gateway.tunnels[1]?.closed])
    const third = await openChat(gateway)
    const gone = once(nth(echo.sockets, 2), 'close')
    third.socket.destroy()
    await Promise.all([gone, gateway.tunnels[2]?.closed])
    expect(gateway.tunnels).toHaveLength(3)
  })

  it('ends a tunnel on which nothing moves', async () => {
    const echo = await startEcho()
    const gateway = await startGateway(echo.origin, { limits: { idleMs: 20 } })
    const wire = await openChat(gateway)
    expect(statusOf(await wire.ended)).toBe(101)
  })

  it('gives the place of a tunnel back when it ends', async () => {
    const echo = await startEcho()
    const gateway = await startGateway(echo.origin, { limits: { tunnels: 1 } })
    const wire = await openChat(gateway)
    expect(await openWire(gateway.port, handshake(ORIGIN)).ended).toMatch(/^HTTP\/1\.1 503 [^]*upstream_busy/)
    wire.socket.destroy()
    await gateway.tunnels[0]?.closed
    await openChat(gateway)
  })

  it('holds what the client sends until the upstream has agreed', async () => {
    let received = ''
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<Socket>()
    const origin = await startRawUpstream((socket, first) => {
      arrive(socket)
      received = first
      socket.on('data', (chunk) => (received += chunk.toString('latin1')))
    })
    const gateway = await startGateway(origin)
    const wire = openWire(gateway.port, `${handshake(ORIGIN)}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`)
    const upstream = await arrived
    upstream.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
    expect(await wire.ended).toMatch(/^HTTP\/1\.1 403 [^]*Connection: close[^]*\r\n\r\nno$/)
    expect(received).not.toContain('smuggled')
    expect(gateway.tunnels).toHaveLength(0)
  })

  it('passes a long refusal on in full', async () => {
    const body = 'z'.repeat(2_000_000)
    const origin = await startRawUpstream((socket) => {
      socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    })
    const gateway = await startGateway(origin)
    expect((await openWire(gateway.port, handshake(ORIGIN)).ended).endsWith(body)).toBe(true)
  })

  it('makes no tunnel of an answer that is not the right one', async () => {
    const answers = [
      `${SWITCH}\r\n`,
      `${SWITCH}Sec-WebSocket-Accept: wrong\r\n\r\n`,
      `${SWITCH.replace('websocket', 'h2c')}Sec-WebSocket-Accept: ${ACCEPT}\r\n\r\n`,
      `HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n\r\n`,
    ]
    for (const answer of answers) {
      const gateway = await startGateway(await startRawUpstream((socket) => socket.write(answer)))
      expect(await openWire(gateway.port, `${handshake(ORIGIN)}early`).ended).toMatch(/^HTTP\/1\.1 502 /)
      expect(gateway.failures.map(({ code }) => code)).toEqual(['upstream_protocol'])
      expect(gateway.tunnels).toHaveLength(0)
    }
  })

  it('refuses a foreign Origin before the upstream hears of it (46)', async () => {
    const echo = await startEcho()
    const gateway = await startGateway(echo.origin)
    const host = new URL(PUBLIC_ORIGIN).host
    const foreign = [
      `http://other.${host}`,
      `http://${host}.evil.com`,
      `https://${host}`,
      `http://${host}:80`,
      `${PUBLIC_ORIGIN}/`,
      'null',
      '',
      'http://login.gw.localhost',
      PUBLIC_ORIGIN.toUpperCase(),
      `${PUBLIC_ORIGIN} http://evil.com`,
    ]
    for (const origin of foreign) {
      const answer = await openWire(gateway.port, handshake(`Origin: ${origin}`)).ended
      expect([origin, statusOf(answer)]).toEqual([origin, 403])
    }
    expect(await openWire(gateway.port, handshake()).ended).toMatch(/^HTTP\/1\.1 403 /)
    expect(await openWire(gateway.port, handshake(ORIGIN, 'Origin: http://evil.com')).ended).toMatch(/ 400 /)
    expect(echo.heads).toHaveLength(0)
  })

  it('survives clients that vanish during the handshake', async () => {
    const origin = await startRawUpstream(() => undefined)
    const arrived = Promise.withResolvers<void>()
    const gateway = await startGateway(origin, { received: () => arrived.resolve() })
    const failure = gateway.nextFailure()
    const wire = openWire(gateway.port, handshake(ORIGIN))
    onTestFinished(() => void wire.socket.destroy())
    await arrived.promise
    wire.socket.resetAndDestroy()
    expect(await failure).toMatchObject({ code: 'client_gone', answerable: false })
  })
})
