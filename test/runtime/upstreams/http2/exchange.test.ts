import { once } from 'node:events'
import { constants } from 'node:http2'
import { describe, expect, test } from 'vitest'

import { ask, failureOf } from '../ask.ts'
import { nth, openEndpoint, startHttp2Upstream } from './stage.ts'

describe('a request', () => {
  test('arrives with its head, body and trailers', async () => {
    const body: Buffer[] = []
    const upstream = await startHttp2Upstream(({ stream }) => {
      stream.on('data', (chunk: Buffer) => body.push(chunk))
      stream.on('trailers', (_headers, _flags, raw) => {
        stream.respond({ ':status': 200 })
        stream.end(raw.join())
      })
    })
    const endpoint = openEndpoint(upstream.origin)
    const asked = ask(endpoint, {
      method: 'POST',
      target: '/a?b=c',
      headers: ['Host', 'app.example', 'Content-Type', 'text/plain', 'X-Twice', '1', 'X-Twice', '2'],
      hasBody: true,
    })
    asked.exchange.write(Buffer.from('hello '))
    asked.exchange.write(Buffer.from('world'))
    asked.exchange.end(['X-Sum', '42', 'X-Sum', '43'])
    await asked.over
    expect(Buffer.concat(body).toString()).toBe('hello world')
    expect(asked.text()).toBe('x-sum,42,x-sum,43')
    expect(upstream.streams[0]?.raw).toEqual(
      [':method', 'POST', ':scheme', 'http', ':authority', 'app.example', ':path', '/a?b=c'].concat([
        'content-type',
        'text/plain',
        'x-twice',
        '1',
        'x-twice',
        '2',
      ]),
    )
  })

  test('without a body ends with its head', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.end(String(stream.endAfterHeaders))
    })
    const asked = ask(openEndpoint(upstream.origin))
    await asked.over
    expect(asked.text()).toBe('true')
  })

  test('that was given up is reset with CANCEL, and its handler hears nothing more', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.write('first')
    })
    const asked = ask(openEndpoint(upstream.origin))
    await asked.first('data')
    const heard = asked.heard.length
    const stream = upstream.streams[0]?.stream
    if (!stream) throw new Error('no stream arrived')
    const closed = once(stream, 'close')
    asked.exchange.abort()
    await closed
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL)
    expect(asked.heard).toHaveLength(heard)
  })

  test.each([
    ['a value with NUL', ['Host', 'a', 'x-a', 'b\0x-injected\0c']],
    ['a value that would become a line end as one byte', ['Host', 'a', 'x-a', 'b\u010ac']],
    ['a name with a space', ['Host', 'a', 'x a', 'b']],
    ['two hosts', ['Host', 'a', 'Host', 'b']],
    ['no host', ['x-a', 'b']],
  ])('with %s is not sent', async (_what, headers) => {
    const upstream = await startHttp2Upstream(({ stream }) => stream.respond({ ':status': 200 }, { endStream: true }))
    const failure = await failureOf(ask(openEndpoint(upstream.origin), { headers }))
    expect(failure).toMatchObject({ code: 'request_invalid', untouched: true })
    expect(upstream.streams).toEqual([])
  })

  test('with trailers that cannot be written is reset', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => stream.respond({ ':status': 200 }))
    const asked = ask(openEndpoint(upstream.origin), { method: 'POST', hasBody: true })
    await asked.first('head')
    asked.exchange.end([':path', '/other'])
    expect(await failureOf(asked)).toMatchObject({ code: 'request_invalid', untouched: false })
  })
})

describe('an answer', () => {
  test('comes with early hints, head, content and trailers, in order and with duplicates', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => {
      stream.additionalHeaders({ ':status': 103, link: '</style.css>' })
      stream.respond([':status', '201', 'set-cookie', 'a=1', 'X-Two', 'b', 'set-cookie', 'c=2', 'x-two', 'd'], {
        waitForTrailers: true,
      })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-t': ['1', '2'] }))
      stream.end('content')
    })
    const asked = ask(openEndpoint(upstream.origin))
    const heard = await asked.over
    expect(heard.map(({ kind }) => kind)).toEqual(['connected', 'information', 'head', 'data', 'end'])
    expect(heard[1]).toEqual({ kind: 'information', status: 103, headers: ['link', '</style.css>'] })
    const { answer } = await asked.first('head')
    expect(answer).toMatchObject({ status: 201, statusText: '', framing: 'http2' })
    expect(answer.headers.join()).toContain('set-cookie,a=1,x-two,b,set-cookie,c=2,x-two,d')
    expect(heard[4]).toEqual({ kind: 'end', trailers: ['grpc-status', '0', 'x-t', '1', 'x-t', '2'] })
  })

  test('that ends with its head has no content at all', async () => {
    const upstream = await startHttp2Upstream(({ stream }) =>
      stream.respond({ ':status': 200, 'grpc-status': '5' }, { endStream: true }),
    )
    const endpoint = openEndpoint(upstream.origin)
    const heard: string[] = []
    await new Promise<void>((resolve) => {
      ask(
        endpoint,
        {},
        {
          head({ framing }) {
            heard.push(`head ${framing}`)
            process.nextTick(() => heard.push('next tick'))
          },
          end() {
            heard.push('end')
            process.nextTick(resolve)
          },
        },
      )
    })
    expect(heard).toEqual(['head none', 'end', 'next tick'])
    // Its stream is gone: a connection is closed when the last one is.
    endpoint.close()
    await once(nth(upstream.sessions, 0), 'close')
  })
})
