import { once } from 'node:events'
import { constants } from 'node:http2'
import type { Socket } from 'node:net'

import { expect, it } from 'vitest'

import { ask, http2To, rawTo, startListener } from './stage.ts'

const PLAIN = { trustedProxies: [] }
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const DATA = 0
const HEADERS = 1
const RST_STREAM = 3
const SETTINGS = 4
const PING = 6
const GOAWAY = 7
const CONTINUATION = 9

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

const literal = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
/** HPACK (RFC 7541 §6.2.2): literals without indexing. */
const fields = (...pairs: [string, string][]): Buffer =>
  Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]))
const LINE: [string, string][] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'a.test'],
]

async function open(port: number): Promise<Socket> {
  const socket = await rawTo(port)
  socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0)]))
  return socket
}

/** Frames until the connection ends: type, and the code where there is one. */
async function framesOf(socket: Socket): Promise<{ type: number; code: number }[]> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (!socket.closed) await once(socket, 'close')
  const all = Buffer.concat(chunks)
  const frames: { type: number; code: number }[] = []
  for (let at = 0; at + 9 <= all.length;) {
    const length = all.readUIntBE(at, 3)
    const type = all[at + 3] ?? -1
    const code = type === GOAWAY ? all.readUInt32BE(at + 13) : type === RST_STREAM ? all.readUInt32BE(at + 9) : -1
    frames.push({ type, code })
    at += 9 + length
  }
  return frames
}

it('ends a connection whose streams are opened and cancelled without end (CVE-2023-44487)', async () => {
  const { port, passed } = await startListener(PLAIN)
  const socket = await open(port)
  const attack: Buffer[] = []
  for (let stream = 1; stream < 8_000; stream += 2) {
    attack.push(frame(HEADERS, 5, stream, fields(...LINE)), frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8])))
  }
  socket.write(Buffer.concat(attack))
  const frames = await framesOf(socket)
  expect(frames.some(({ type }) => type === GOAWAY)).toBe(true)
  expect(passed.length).toBeLessThan(1_000)
})

it('ends a connection that sends a field block without end (CONTINUATION flood)', async () => {
  const { port, passed } = await startListener(PLAIN)
  const socket = await open(port)
  const more = fields(['x', 'y'.repeat(120)])
  const flood = Array.from({ length: 2_000 }, () => frame(CONTINUATION, 0, 1, more))
  socket.write(Buffer.concat([frame(HEADERS, 1, 1, fields(...LINE)), ...flood]))
  const frames = await framesOf(socket)
  expect(frames.some(({ type }) => type === GOAWAY)).toBe(true)
  expect(passed).toEqual([])
})

it.each([
  ['PING', frame(PING, 0, 0, Buffer.alloc(8))],
  ['SETTINGS', frame(SETTINGS, 0, 0)],
])('ends a connection that floods %s frames, with ENHANCE_YOUR_CALM', async (_name, one) => {
  const { port } = await startListener(PLAIN)
  const socket = await open(port)
  const frames = framesOf(socket)
  // Each batch is answered before the next one: nothing piles up that nghttp2 would count.
  for (let round = 0; round < 40 && !socket.destroyed; round += 1) {
    const heard = new AbortController()
    const { signal } = heard
    const answered = Promise.race([once(socket, 'data', { signal }), once(socket, 'close', { signal })])
    socket.write(Buffer.concat(Array<Buffer>(100).fill(one)))
    await answered
    heard.abort()
  }
  expect((await frames).at(-1)).toEqual({ type: GOAWAY, code: constants.NGHTTP2_ENHANCE_YOUR_CALM })
})

it('ends a connection that does not read the answers to its PING frames', async () => {
  const { port } = await startListener(PLAIN)
  const socket = await open(port)
  socket.write(Buffer.concat(Array<Buffer>(10_000).fill(frame(PING, 0, 0, Buffer.alloc(8)))))
  expect((await framesOf(socket)).some(({ type }) => type === GOAWAY)).toBe(true)
})

it('bounds fields by bytes, also for a peer that has not yet heard of the bound', async () => {
  const { port, passed } = await startListener(PLAIN)
  const answer = await ask(http2To(port), { ':path': '/', ':authority': 'a.test', 'x-large': 'x'.repeat(30_000) })
  expect(answer.status).toBe(431)
  expect(answer.text).toContain('headers_too_large')
  expect(passed).toEqual([])
})

it('bounds fields by number', async () => {
  const { port, passed } = await startListener(PLAIN)
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`x-${index}`, 'y']))
  const crowded = http2To(port).request({ ':path': '/', ':authority': 'a.test', ...many })
  await expect(once(crowded, 'response')).rejects.toThrow('ENHANCE_YOUR_CALM')
  expect(passed).toEqual([])
})

it('lets one connection have a hundred requests at once', async () => {
  const { port } = await startListener(PLAIN)
  const session = http2To(port)
  const [settings] = (await once(session, 'remoteSettings')) as [
    { maxConcurrentStreams: number; enableConnectProtocol: boolean },
  ]
  expect(settings).toMatchObject({ maxConcurrentStreams: 100, enableConnectProtocol: false })
})

it('lets a body that nobody reads not keep others from arriving', async () => {
  const { port } = await startListener(PLAIN, {
    request(request, response) {
      if (request.url === '/unread') return undefined
      let received = 0
      request.on('data', (chunk: Buffer) => (received += chunk.length))
      request.on('end', () => response.end(String(received)))
      return undefined
    },
  })
  const session = http2To(port)
  for (let index = 0; index < 20; index += 1) {
    const unread = session.request({ ':path': '/unread', ':authority': 'a.test', ':method': 'POST' })
    unread.on('error', () => undefined)
    unread.write('x'.repeat(65_000))
  }
  const { text } = await ask(
    session,
    { ':path': '/read', ':authority': 'a.test', ':method': 'POST' },
    'y'.repeat(200_000),
  )
  expect(text).toBe('200000')
})

it.each<[string, [string, string][]]>([
  ['a Connection field', [...LINE, ['connection', 'x-forwarded-user']]],
  ['Transfer-Encoding', [...LINE, ['transfer-encoding', 'chunked']]],
  ['an Upgrade', [...LINE, ['upgrade', 'websocket']]],
  ['TE other than trailers', [...LINE, ['te', 'gzip']]],
  ['an unknown pseudo-field', [...LINE, [':scope', 'x']]],
  ['a pseudo-field twice', [...LINE, [':path', '/other']]],
  ['extended CONNECT', [[':method', 'CONNECT'], [':protocol', 'websocket'], ...LINE.slice(1)]],
  ['upper case in a name', [...LINE, ['X-Upper', '1']]],
])('lets no request through with %s', async (_name, pairs) => {
  const { port, passed } = await startListener(PLAIN)
  const socket = await open(port)
  // A second stream shows that the first one is decided; its answer or its end comes after.
  socket.write(frame(HEADERS, 5, 1, fields(...pairs)))
  socket.write(frame(PING, 0, 0, Buffer.alloc(8)))
  socket.write(frame(DATA, 0, 0, Buffer.from('x')))
  await framesOf(socket)
  expect(passed).toEqual([])
})

it('drops a field whose value has a line break', async () => {
  const { port } = await startListener(PLAIN)
  const socket = await open(port)
  socket.write(frame(HEADERS, 5, 1, fields(...LINE, ['x-a', 'b\r\nx-c: d'], ['x-e', 'f'])))
  const [answer] = (await once(socket.setEncoding('latin1'), 'data')) as [string]
  let all = answer
  while (!all.includes('"body"')) all += String((await once(socket, 'data'))[0])
  expect(all).toContain('"rawHeaders":["x-e","f","host","a.test"]')
})

it.each([
  ['a Host that is not :authority', { ':authority': 'a.test', host: 'b.test' }, 400, 'host_duplicate'],
  ['a Host that is no host', { ':authority': 'a..test' }, 400, 'host_invalid'],
  [
    'a target that is no path',
    { ':authority': 'a.test', ':path': '*', ':method': 'OPTIONS' },
    400,
    'target_not_origin_form',
  ],
  ['TRACE', { ':authority': 'a.test', ':method': 'TRACE' }, 405, 'method_not_allowed'],
])('answers %s by the same codes as for HTTP/1.1', async (_name, headers, status, code) => {
  const { port } = await startListener(PLAIN)
  const answer = await ask(http2To(port), { ':path': '/', ...headers })
  expect(answer.status).toBe(status)
  expect(answer.text).toContain(code)
})
