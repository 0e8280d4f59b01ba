import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as http2 from 'node:http2'
import { connect, type Socket } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { startTestGateway, type TestGateway } from '../../support/gateway.ts'

/** 44, RFC 9112 §9.3.2: what a client sends ahead of its answers; and HTTP/2 streams that are taken back. */

let gateway: TestGateway
let waiting: ServerResponse[] = []
const bodies = new Map<string, string>()
beforeAll(async () => {
  gateway = await startTestGateway({ app })
})
afterAll(() => gateway.close())
beforeEach(() => {
  waiting = []
  gateway.upstreamRequests.length = 0
})

/** Answers `/slow` when the test says so, and everything else at once. */
function app(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')))
  request.on('end', () => bodies.set(request.url ?? '', body))
  if (request.url?.startsWith('/slow')) waiting.push(response)
  else if (request.url?.startsWith('/twice')) answerTwice(response, request.url)
  else response.end(`saw ${request.url}`)
}

/** Fields that stand once by their meaning. */
function answerTwice(response: ServerResponse, url: string): void {
  const twice = ['Content-Type', 'text/plain', 'Content-Type', 'text/html', 'ETag', '"a"', 'ETag', '"b"']
  if (url === '/twice/head') response.writeHead(200, twice)
  if (url === '/twice/trailer') response.writeHead(200, ['Trailer', 'last-modified'])
  response.write('hi')
  if (url === '/twice/trailer') {
    response.addTrailers([
      ['x-checksum', '1'],
      ['last-modified', 'a'],
      ['last-modified', 'b'],
    ])
  }
  response.end()
}

const host = () => new URL(gateway.docs).host
const arrived = () => gateway.upstreamRequests.map(({ url }) => url)

function open(): { socket: Socket; received: () => string } {
  const socket = connect(Number(new URL(gateway.docs).port), '127.0.0.1')
  let received = ''
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1'))).on('error', () => undefined)
  return { socket, received: () => received }
}

/** `once` would reject for an error, which is one way to close. */
function closing(stream: EventEmitter): Promise<void> {
  return new Promise((resolve) => stream.on('error', () => undefined).once('close', () => resolve()))
}

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: ${host()}\r\n${more}\r\n`
const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 1\r\n\r\nx`

/** Somebody else, who finds the gateway alive. */
async function requireAlive(): Promise<void> {
  const { socket, received } = open()
  socket.write(get('/else'))
  await vi.waitFor(() => expect(received()).toContain('saw /else'))
  socket.destroy()
}

describe('44: requests that are sent ahead', () => {
  it('reach the app one after the other', async () => {
    const { socket, received } = open()
    socket.write(post('/slow/1') + post('/slow/2') + get('/3'))
    await vi.waitFor(() => expect(arrived()).toEqual(['/slow/1']))
    await requireAlive()
    expect(arrived()).toEqual(['/slow/1', '/else'])
    waiting[0]?.end('first')
    await vi.waitFor(() => expect(arrived()).toEqual(['/slow/1', '/else', '/slow/2']))
    waiting[1]?.end('second')
    await vi.waitFor(() => expect(received()).toMatch(/first[\s\S]*second[\s\S]*saw \/3/))
    socket.destroy()
  })

  it('in thousands take no place but one, and end the connection', async () => {
    const { socket } = open()
    const closed = closing(socket)
    socket.write(get('/slow/many').repeat(4_200))
    await closed
    expect(arrived().length).toBeLessThanOrEqual(1)
    await requireAlive()
  })

  it('with a WebSocket handshake among them are nobody’s before the answers in front of it', async () => {
    const { socket, received } = open()
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: ${gateway.docs}\r\n`
    socket.write(get('/slow/before') + get('/ws', upgrade))
    await vi.waitFor(() => expect(arrived()).toEqual(['/slow/before']))
    await requireAlive()
    expect(gateway.handshakes()).toBe(0)
    waiting[0]?.end('before')
    await vi.waitFor(() => expect(gateway.handshakes()).toBeGreaterThan(0))
    expect(received()).toContain('\r\n\r\nbefore')
    socket.destroy()
  })

  it('behind an upgrade that is not taken up are nobody’s, whole or cut', async () => {
    const { socket, received } = open()
    const closed = closing(socket)
    socket.write(
      get('/slow/h2c', 'Connection: Upgrade\r\nUpgrade: h2c\r\n') +
        `POST /comment HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 70\r\n\r\n`,
    )
    await vi.waitFor(() => expect(arrived()).toEqual(['/slow/h2c']))
    socket.write(get('/smuggled'))
    waiting[0]?.end('alone')
    await closed
    expect(received()).toMatch(/connection: close/i)
    expect(received()).toMatch(/alone$/)
    await requireAlive()
    expect(arrived()).toEqual(['/slow/h2c', '/else'])
  })
})

/** Node's types do not know it yet: what a server sends twice is shown and not judged. */
const AS_THEY_ARE: object = { strictSingleValueFields: false }

describe('HTTP/2', () => {
  function session(): http2.ClientHttp2Session {
    const client = http2.connect(`http://127.0.0.1:${new URL(gateway.docs).port}`, AS_THEY_ARE)
    return client.on('error', () => undefined)
  }

  it.each(['/twice/head', '/twice/trailer'])('an app’s answer like %s ends nothing', async (path) => {
    const client = session()
    const request = client.request({ ':path': path, ':authority': host() })
    request.resume()
    await closing(request)
    client.destroy()
    await requireAlive()
    expect(arrived()).toEqual([path, '/else'])
  })

  it('an upload that is taken back is cut at the app as well', async () => {
    bodies.clear()
    const socket = connect(Number(new URL(gateway.docs).port), '127.0.0.1')
    socket.on('error', () => undefined).resume()
    const head = [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':authority', host()],
      [':path', '/slow/upload'],
    ].map(([name = '', value = '']) => literal(name, value))
    socket.write(
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        frame(4, 0, 0, Buffer.alloc(0)),
        frame(1, 4, 1, Buffer.concat(head)),
        frame(0, 0, 1, Buffer.from('partial')),
      ]),
    )
    await vi.waitFor(() => expect(arrived()).toEqual(['/slow/upload']))
    const [upload] = gateway.upstreamRequests
    const gone = upload && closing(upload)
    // RST_STREAM with NO_ERROR: Node ends the stream as if all had come.
    socket.write(frame(3, 0, 1, Buffer.alloc(4)))
    await gone
    expect(upload?.complete).toBe(false)
    expect(bodies.has('/slow/upload')).toBe(false)
    socket.destroy()
    await requireAlive()
  })
})

/** RFC 9113 §4.1. */
function frame(type: number, flags: number, stream: number, content: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(content.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, content])
}

/** A literal field without indexing (RFC 7541 §6.2.2). */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ])
}
