import { constants } from 'node:http2'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'

import { ask, failureOf } from '../ask.ts'
import { listen } from '../listen.ts'
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  fields,
  frame,
  GOAWAY,
  HEADERS,
  RST_STREAM,
  startAnswering,
  startRawHttp2,
  words,
} from './raw-http2.ts'
import { openEndpoint, startHttp2Upstream } from './stage.ts'

const head = (streamId: number, flags: number, ...pairs: string[]): Buffer =>
  frame(HEADERS, END_HEADERS | flags, streamId, fields(...pairs))

describe('what is no answer', () => {
  test.each<[what: string, answer: (streamId: number) => Buffer[]]>([
    ['connection', (id) => [head(id, END_STREAM, ':status', '200', 'connection', 'close')]],
    ['transfer-encoding', (id) => [head(id, END_STREAM, ':status', '200', 'transfer-encoding', 'chunked')]],
    ['keep-alive', (id) => [head(id, END_STREAM, ':status', '200', 'keep-alive', 'timeout=5')]],
    ['http2-settings', (id) => [head(id, END_STREAM, ':status', '200', 'http2-settings', 'AAAA')]],
    ['a name in capitals', (id) => [head(id, END_STREAM, ':status', '200', 'X-Capital', '1')]],
    ['status 101', (id) => [head(id, 0, ':status', '101')]],
    ['no status', (id) => [head(id, END_STREAM, 'x', 'y')]],
    ['a status that is no number', (id) => [head(id, END_STREAM, ':status', 'ok!')]],
    ['a final early hint', (id) => [head(id, END_STREAM, ':status', '103')]],
    ['two heads', (id) => [head(id, 0, ':status', '200'), head(id, 0, ':status', '200')]],
    ['content before a head', (id) => [frame(DATA, END_STREAM, id, Buffer.from('x'))]],
    [
      'less content than announced',
      (id) => [head(id, 0, ':status', '200', 'content-length', '5'), frame(DATA, END_STREAM, id, Buffer.from('x'))],
    ],
    ['connection among the trailers', (id) => [head(id, 0, ':status', '200'), head(id, END_STREAM, 'connection', 'x')]],
    ['more than 256 fields', (id) => [head(id, END_STREAM, ':status', '200', ...Array<string>(600).fill('x'))]],
    [
      'more than 64 KiB of fields',
      (id) => [
        frame(HEADERS, 0, id, fields(':status', '200')),
        ...Array.from({ length: 10 }, () =>
          frame(CONTINUATION, 0, id, fields(...Array<string>(120).fill('x'.repeat(100)))),
        ),
        frame(CONTINUATION, END_HEADERS, id),
      ],
    ],
    ['a frame that is too large', () => [frame(DATA, 0, 1, Buffer.alloc(70_000))]],
  ])('%s is refused', async (_what, answer) => {
    const asked = ask(openEndpoint(await startAnswering(answer)))
    expect(await failureOf(asked)).toMatchObject({ code: 'upstream_protocol', untouched: false })
    expect(asked.heard.filter(({ kind }) => kind === 'end')).toEqual([])
  })
})

test('a value with a line end never arrives', async () => {
  const origin = await startAnswering((id) => [head(id, END_STREAM, ':status', '200', 'x', 'a\r\nset-cookie: b')])
  expect((await ask(openEndpoint(origin)).first('head')).answer.headers).toEqual([])
})

describe('an answer that is given up', () => {
  test('without a fault, and before its announced length, is a cut and no end', async () => {
    const origin = await startAnswering((id) => [
      head(id, 0, ':status', '200', 'content-length', '8'),
      frame(DATA, 0, id, Buffer.from('half')),
      frame(RST_STREAM, 0, id, words(constants.NGHTTP2_NO_ERROR)),
    ])
    const asked = ask(openEndpoint(origin))
    expect(await failureOf(asked)).toMatchObject({ code: 'upstream_closed', untouched: false })
  })

  test('without a fault, and without an announced length, is whole: so do servers on Node end what they have not read', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const upstream = await startHttp2Upstream(({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.write(chunk, () => stream.end())
    })
    const asked = ask(openEndpoint(upstream.origin))
    expect((await asked.over).at(-1)).toEqual({ kind: 'end', trailers: [] })
    expect(asked.text()).toHaveLength(chunk.length)
  })

  test('after its end is whole', async () => {
    const origin = await startAnswering((id) => [
      head(id, 0, ':status', '200'),
      frame(DATA, END_STREAM, id, Buffer.from('whole')),
      frame(RST_STREAM, 0, id, words(constants.NGHTTP2_NO_ERROR)),
    ])
    const asked = ask(openEndpoint(origin), { method: 'POST', hasBody: true })
    expect((await asked.over).at(-1)).toEqual({ kind: 'end', trailers: [] })
    expect(asked.text()).toBe('whole')
    expect(asked.exchange.write(Buffer.from('nobody reads this'))).toBe(true)
  })

  test('by a reset says which', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => stream.close(constants.NGHTTP2_INTERNAL_ERROR))
    const failure = await failureOf(ask(openEndpoint(upstream.origin)))
    expect(failure).toMatchObject({ code: 'upstream_closed', untouched: false })
    expect(failure.cause.message).toContain('NGHTTP2_INTERNAL_ERROR')
  })

  test('by the end of the connection is a cut', async () => {
    const origin = await startRawHttp2((socket, { type, streamId }) => {
      if (type === HEADERS) socket.end(head(streamId, 0, ':status', '200'))
    })
    expect(await failureOf(ask(openEndpoint(origin)))).toMatchObject({ code: 'upstream_closed', untouched: false })
  })
})

describe('what the upstream has not begun on', () => {
  test('is a stream that it refused', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => stream.close(constants.NGHTTP2_REFUSED_STREAM))
    expect(await failureOf(ask(openEndpoint(upstream.origin)))).toMatchObject({
      code: 'upstream_closed',
      untouched: true,
    })
  })

  test.each([
    ['at leisure', constants.NGHTTP2_NO_ERROR],
    ['with a fault', constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ])('is a stream above the last one of a GOAWAY %s', async (_how, code) => {
    const origin = await startAnswering(() => [frame(GOAWAY, 0, 0, words(0, code))])
    expect(await failureOf(ask(openEndpoint(origin)))).toMatchObject({ code: 'upstream_closed', untouched: true })
  })

  test('is not a stream that a GOAWAY names', async () => {
    const origin = await startAnswering((id) => [frame(GOAWAY, 0, 0, words(id, constants.NGHTTP2_INTERNAL_ERROR))])
    expect(await failureOf(ask(openEndpoint(origin)))).toMatchObject({ code: 'upstream_closed', untouched: false })
  })

  test('is all that waited for a server that speaks HTTP/1.1', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'))
    const endpoint = openEndpoint(`http://${await listen(server)}`)
    const failures = await Promise.all([ask(endpoint), ask(endpoint)].map(failureOf))
    for (const failure of failures) expect(failure).toMatchObject({ code: 'upstream_protocol', untouched: true })
  })

  test('is what waited for a server that says nothing', async () => {
    const endpoint = openEndpoint(`http://${await listen(createServer())}`, { connectMs: 50 })
    expect(await failureOf(ask(endpoint))).toMatchObject({ code: 'upstream_timeout', untouched: true })
  })

  test('is what waited for a server that is not there', async () => {
    const asked = ask(openEndpoint('http://127.0.0.1:1'))
    expect(await failureOf(asked)).toMatchObject({ code: 'upstream_unreachable', untouched: true })
    expect(asked.heard).toHaveLength(1)
  })
})
