import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { statusOf } from '../../support/raw.ts'
import { signIn } from '../../support/visitor.ts'

let gateway: TestGateway
let handshakes = 0
beforeAll(async () => {
  gateway = await startTestGateway({ upgrade: echo })
})
afterAll(() => gateway.close())

/** Understands the handshake and sends back every byte. */
function echo(request: IncomingMessage, socket: Duplex): void {
  handshakes += 1
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.on('error', () => socket.destroy())
  socket.pipe(socket)
}

async function handshake(headers: Record<string, string>, path = '/ws'): Promise<{ socket: Socket; answer: string }> {
  const { host, port } = new URL(gateway.hello)
  const socket = connect(Number(port), '127.0.0.1')
  const lines = Object.entries({
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const [data] = (await once(socket, 'data')) as [Buffer]
  return { socket, answer: data.toString('latin1') }
}

describe('a WebSocket', () => {
  it('is passed on for someone who may pass, both ways', async () => {
    const { browser } = await signIn(gateway)
    const cookie = await browser.jar.getCookieString(gateway.hello)
    const { socket, answer } = await handshake({ Cookie: cookie, Origin: gateway.hello })
    expect(statusOf(answer)).toBe(101)
    socket.write('hello')
    expect(String((await once(socket, 'data'))[0])).toBe('hello')
    socket.destroy()
  })

  it.each<[string, (cookie: string) => Record<string, string>, number]>([
    ['without a session', () => ({ Origin: gateway.hello }), 401],
    ['from a sibling’s page', (Cookie) => ({ Cookie, Origin: gateway.admin }), 403],
    ['from another site', (Cookie) => ({ Cookie, Origin: 'https://evil.example' }), 403],
    ['without an Origin', (Cookie) => ({ Cookie }), 403],
    ['for who may not pass', (Cookie) => ({ Cookie, Origin: gateway.admin, Host: new URL(gateway.admin).host }), 401],
  ])('%s is refused, and the app hears nothing', async (_, headers, status) => {
    const { browser } = await signIn(gateway)
    const before = handshakes
    const { socket, answer } = await handshake(headers(await browser.jar.getCookieString(gateway.hello)))
    expect(statusOf(answer)).toBe(status)
    expect(handshakes).toBe(before)
    socket.destroy()
  })

  it('for the gateway’s own paths is never the app’s', async () => {
    const { browser } = await signIn(gateway)
    const before = handshakes
    const cookie = await browser.jar.getCookieString(gateway.hello)
    const { socket, answer } = await handshake({ Cookie: cookie, Origin: gateway.hello }, '/.gatewright/hand-over')
    expect(statusOf(answer)).toBe(404)
    expect(handshakes).toBe(before)
    socket.destroy()
  })

  it('whose handshake the app never answers does not keep a drain waiting', async () => {
    const silent = await startTestGateway({ upgrade: () => undefined })
    const { browser } = await signIn(silent)
    const { host, port } = new URL(silent.hello)
    const socket = connect(Number(port), '127.0.0.1')
    const closed = once(socket, 'close')
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${silent.hello}\r\n` +
        `Cookie: ${await browser.jar.getCookieString(silent.hello)}\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
    await vi.waitFor(() => expect(silent.handshakes()).toBe(1))
    await silent.close()
    await expect(closed).resolves.toBeDefined()
  })

  it('is closed when its session ends', async () => {
    const { browser } = await signIn(gateway)
    const cookie = await browser.jar.getCookieString(gateway.hello)
    const { socket } = await handshake({ Cookie: cookie, Origin: gateway.hello })
    const closed = once(socket, 'close')
    await browser.open(`${gateway.login}/sign-out`, {
      method: 'POST',
      headers: { origin: gateway.login },
      redirects: 0,
    })
    await expect(closed).resolves.toBeDefined()
  }, 15_000)
})
