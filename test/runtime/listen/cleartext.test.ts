import { once } from 'node:events'
import { text } from 'node:stream/consumers'

import fc from 'fast-check'
import { expect, it } from 'vitest'

import { protocolOf } from '../../../runtime/listen/preface.ts'
import { ask, http2To, rawTo, startListener } from './stage.ts'

const PLAIN = { trustedProxies: [] }
const GET = 'GET /a HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n'

it('speaks HTTP/1.1 and HTTP/2 at one port, and shows requests of both in one form', async () => {
  const { port } = await startListener(PLAIN)
  const session = http2To(port)
  const { status, text: echoed } = await ask(
    session,
    {
      ':path': '/a?b',
      ':authority': 'App.test',
      ':method': 'POST',
      cookie: ['a=1', 'b=2'],
      'x-some': 'thing',
    },
    'content',
  )
  expect(status).toBe(200)
  expect(JSON.parse(echoed)).toEqual({
    httpVersion: '2.0',
    method: 'POST',
    url: '/a?b',
    host: 'App.test',
    rawHeaders: ['cookie', 'a=1; b=2', 'x-some', 'thing', 'host', 'App.test'],
    body: 'content',
  })
  const socket = await rawTo(port)
  socket.write(GET)
  expect(await text(socket)).toContain('"httpVersion":"1.1"')
})

it('loses no byte of a request that arrives one byte at a time, or together with the next', async () => {
  const { port, passed } = await startListener(PLAIN)
  const slow = await rawTo(port)
  slow.setNoDelay(true)
  for (const byte of `PUT /slow HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`) {
    slow.write(byte)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await text(slow)).toContain('"body":"abc"')
  const pipelined = await rawTo(port)
  pipelined.write(`GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n${GET}`)
  await text(pipelined)
  expect(passed).toEqual(['PUT /slow', 'GET /1', 'GET /a'])
})

it('passes a long upload on whole after it has looked at its first bytes', async () => {
  const { port } = await startListener(PLAIN)
  const socket = await rawTo(port)
  const body = 'x'.repeat(1_000_000)
  socket.write(
    `POST /up HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
  const answer = await text(socket)
  expect(JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)).body).toHaveLength(1_000_000)
})

it('ends a connection that closes before it has said what it speaks', async () => {
  const { port, passed } = await startListener(PLAIN)
  const socket = await rawTo(port)
  socket.end('PRI * HTTP/2')
  await once(socket.resume(), 'close')
  expect(passed).toEqual([])
})

it('tells the protocol by the first byte that differs from the preface, however the bytes are cut', () => {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  fc.assert(
    fc.property(fc.nat(60), fc.string(), (cut, rest) => {
      const sent = (preface + rest).slice(0, cut)
      expect(protocolOf(Buffer.from(sent))).toBe(cut < 24 && sent.length < 24 ? undefined : 'http2')
    }),
    { seed: 6 },
  )
  for (const start of ['GET', 'PUT', 'PROPFIND', 'PRI * HTTP/1', 'PRI  ']) {
    expect(protocolOf(Buffer.from(start))).toBe('http1')
  }
})

it('lets running requests of HTTP/2 finish when it closes, and tells the client to go away', async () => {
  let finish = (): void => undefined
  const { listener, port } = await startListener(PLAIN, {
    request: (_request, response) => void (finish = () => void response.end('whole')),
  })
  const session = http2To(port)
  const stream = session.request({ ':path': '/', ':authority': 'a.test' })
  const goaway = once(session, 'goaway')
  while (finish.length === 0 && stream.pending) await new Promise((resolve) => setImmediate(resolve))
  const answered = text(stream)
  await new Promise<void>((resolve) => session.ping(() => resolve()))
  const closed = listener.close()
  await goaway
  finish()
  expect(await answered).toBe('whole')
  await closed
  expect(session.closed || session.destroyed).toBe(true)
})
