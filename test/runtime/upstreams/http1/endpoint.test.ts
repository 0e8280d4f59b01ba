import { once } from 'node:events'
import { describe, expect, it } from 'vitest'

import { ask, endpointTo, GET, type Heard, post, type RawUpstream, startRaw } from './upstream.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const origin = ({ port }: RawUpstream): string => `http://127.0.0.1:${port}`

const outcome = ({ failure }: Heard): [code: string | undefined, untouched: boolean | undefined] => [
  failure?.code,
  failure?.untouched,
]

describe('an exchange', () => {
  it('sends what it is given and hears the answer', async () => {
    const upstream = await startRaw((socket) => {
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n',
      )
      socket.write('3\r\none\r\n0\r\nX-Sum: 1\r\n\r\n')
    })
    const heard = await ask(endpointTo(origin(upstream)), {
      method: 'GET',
      target: '/a?b',
      headers: ['Host', 'app', 'X-Name', 'é'],
      hasBody: false,
    }).over
    expect(upstream.received).toEqual(['GET /a?b HTTP/1.1\r\nHost: app\r\nX-Name: é\r\n\r\n'])
    expect(heard).toMatchObject({
      informed: [103],
      head: { status: 200, statusText: 'Fine', headers: ['Transfer-Encoding', 'chunked'], framing: 'chunked' },
      content: 'one',
      trailers: ['X-Sum', '1'],
    })
  })

  it('sends a body as its head announced it', async () => {
    const upstream = await startRaw((socket, text) => void (text.endsWith('\r\n\r\n') && socket.write(OK)))
    const endpoint = endpointTo(origin(upstream))
    const chunked = ask(endpoint, post('Transfer-Encoding', 'chunked'))
    chunked.exchange.write(Buffer.from('hello'))
    chunked.exchange.write(Buffer.alloc(0))
    chunked.exchange.write(Buffer.from('x'.repeat(17)))
    chunked.exchange.end(['X-Sum', '1'])
    expect((await chunked.over).content).toBe('ok')
    expect(upstream.received[0]).toMatch(/\r\n\r\n5\r\nhello\r\n11\r\nx{17}\r\n0\r\nX-Sum: 1\r\n\r\n$/)
    const length = ask(endpoint, post('Content-Length', '9'))
    length.exchange.write(Buffer.from('hello'))
    length.exchange.write(Buffer.from('\r\n\r\n'))
    length.exchange.end()
    expect((await length.over).content).toBe('ok')
    expect(upstream.sockets).toHaveLength(1)
  })

  it('ends the connection when the body is longer or shorter than announced', async () => {
    for (const body of ['toolong', 'no']) {
      const upstream = await startRaw(() => undefined)
      const { exchange, over } = ask(endpointTo(origin(upstream)), post('Content-Length', '4'))
      exchange.write(Buffer.from(body))
      exchange.end()
      expect(outcome(await over)).toEqual(['request_invalid', false])
    }
  })

  it('refuses to write what would be read as something else, and sends nothing', async () => {
    const upstream = await startRaw((socket) => socket.write(OK))
    const endpoint = endpointTo(origin(upstream))
    const heads = [
      { ...GET, method: 'GET / HTTP/1.1\r\n' },
      { ...GET, method: '' },
      ...['', '/a b', '/\r\n', '/é', '/\x7f'].map((target) => ({ ...GET, target })),
      ...['a\r\nX: 1', 'a\n', 'a\r', 'a\0b', 'a\u010ab', '日本', '\x7f'].map((value) => ({
        ...GET,
        headers: ['X', value],
      })),
      ...['', 'X:', 'X Y', 'X\r\n', 'é', 'X\u010a'].map((name) => ({ ...GET, headers: [name, '1'] })),
      { ...GET, headers: ['Content-Length', '4'] },
      { ...GET, headers: ['Transfer-Encoding', 'chunked'] },
      post(),
      post('Content-Length', '4', 'Content-Length', '4'),
      post('Content-Length', '4', 'Transfer-Encoding', 'chunked'),
      post('Content-Length', '+4'),
      post('Transfer-Encoding', 'gzip, chunked'),
    ]
    for (const head of heads) {
      const { exchange, over } = ask(endpoint, head)
      exchange.write(Buffer.from('body'))
      exchange.end()
      expect([head, outcome(await over)]).toEqual([head, ['request_invalid', true]])
    }
    expect(upstream.sockets).toHaveLength(0)
    const trailers = ask(endpoint, post('Transfer-Encoding', 'chunked'))
    trailers.exchange.end(['X', 'a\r\nY: 1'])
    expect(outcome(await trailers.over)).toEqual(['request_invalid', false])
  })

  it('holds the upstream back while it is paused, and loses nothing', async () => {
    const body = 'z'.repeat(8_000_000)
    const upstream = await startRaw((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    )
    let taken = 0
    let isWaiting = true
    const { exchange, over, heard } = ask(endpointTo(origin(upstream)), GET, {
      data(chunk) {
        taken += chunk.length
        if (isWaiting) setImmediate(() => (isWaiting = false))
        return !isWaiting
      },
    })
    for (let turn = 0; turn < 300; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(taken).toBeLessThan(body.length)
    expect(heard.trailers).toBeUndefined()
    exchange.resume()
    await over
    expect(taken).toBe(body.length)
  })

  it('says when written bytes have gone out', async () => {
    const upstream = await startRaw((socket) => void socket.pause())
    const drained = Promise.withResolvers<void>()
    const { exchange, connected } = ask(endpointTo(origin(upstream)), post('Transfer-Encoding', 'chunked'), {
      drain: () => drained.resolve(),
    })
    await connected
    let written = 0
    while (exchange.write(Buffer.alloc(64 * 1024))) written += 1
    expect(written).toBeLessThan(1_000)
    upstream.sockets[0]?.resume()
    await drained.promise
    exchange.abort()
  })

  it('hears nothing more after an abort, and the upstream sees it', async () => {
    const upstream = await startRaw((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart'))
    const { exchange, heard } = ask(endpointTo(origin(upstream)), GET, {
      data: () => {
        exchange.abort()
        return true
      },
    })
    while (upstream.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const [socket] = upstream.sockets
    if (socket?.closed === false) await once(socket, 'close')
    expect(heard.failure).toBeUndefined()
    expect(exchange.write(Buffer.from('late'))).toBe(true)
  })

  it('passes an answer on that ends with its connection, and says when one was cut', async () => {
    const whole = await startRaw((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'))
    expect(await ask(endpointTo(origin(whole))).over).toMatchObject({ content: 'all of it', trailers: [] })
    for (const text of [
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart',
    ]) {
      const cut = await startRaw((socket) => socket.end(text))
      const heard = await ask(endpointTo(origin(cut))).over
      expect([heard.content, ...outcome(heard)]).toEqual(['part', 'upstream_closed', false])
    }
  })
})

describe('connections', () => {
  it('uses the one that was used last, one exchange at a time', async () => {
    const waiting: (() => void)[] = []
    const upstream = await startRaw((socket) => void waiting.push(() => socket.write(OK)))
    const endpoint = endpointTo(origin(upstream))
    const both = [ask(endpoint).over, ask(endpoint).over]
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve))
    for (const answer of waiting.splice(0)) answer()
    await Promise.all(both)
    expect(upstream.sockets).toHaveLength(2)
    for (let count = 0; count < 3; count += 1) {
      const next = ask(endpoint).over
      while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))
      waiting.splice(0).forEach((answer) => answer())
      await next
    }
    expect(upstream.sockets).toHaveLength(2)
    expect(upstream.received.map((text) => text.split('GET').length - 1).toSorted((a, b) => a - b)).toEqual([1, 4])
  })

  it('does not keep one that the upstream will close, or has said too much on', async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok',
      'HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 2\r\n\r\nok',
      'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok',
      `${OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`,
      `${OK}\r\n`,
    ]
    for (const answer of answers) {
      const upstream = await startRaw((socket) => socket.write(answer))
      const endpoint = endpointTo(origin(upstream))
      for (let count = 0; count < 2; count += 1) expect((await ask(endpoint).over).content).toBe('ok')
      expect([answer, upstream.sockets.length]).toEqual([answer, 2])
    }
  })

  it('closes one on which an answer comes that nobody asked for', async () => {
    const upstream = await startRaw((socket) => socket.write(OK))
    const endpoint = endpointTo(origin(upstream))
    await ask(endpoint).over
    const [socket] = upstream.sockets
    socket?.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
    if (socket) await once(socket, 'close')
    expect((await ask(endpoint).over).content).toBe('ok')
    expect(upstream.sockets).toHaveLength(2)
  })

  it('does not keep one whose request was not read to its end', async () => {
    const upstream = await startRaw((socket) => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno'))
    const endpoint = endpointTo(origin(upstream))
    const { exchange, over } = ask(endpoint, post('Content-Length', '100'))
    exchange.write(Buffer.from('part'))
    expect((await over).head?.status).toBe(413)
    await ask(endpoint).over
    expect(upstream.sockets).toHaveLength(2)
  })

  it('says that a kept one was closed before any answer, and meets no other stale one after that', async () => {
    const requests: number[] = []
    const waiting: (() => void)[] = []
    const upstream = await startRaw((socket, _text, connection) => {
      requests[connection] = (requests[connection] ?? 0) + 1
      if (requests[connection] > 1) socket.destroy()
      else waiting.push(() => socket.write(OK))
      if (waiting.length === 2 || connection === 2) waiting.splice(0).forEach((answer) => answer())
    })
    const endpoint = endpointTo(origin(upstream))
    await Promise.all([ask(endpoint).over, ask(endpoint).over])
    expect(outcome(await ask(endpoint).over)).toEqual(['upstream_closed', true])
    expect((await ask(endpoint).over).content).toBe('ok')
    expect(upstream.sockets).toHaveLength(3)
  })

  it('gives up what cannot be connected, before anything was sent', async () => {
    const gone = await startRaw(() => undefined)
    await gone.close()
    const silent = await startRaw(() => undefined)
    expect(outcome(await ask(endpointTo(origin(gone))).over)).toEqual(['upstream_unreachable', true])
    expect(outcome(await ask(endpointTo(`https://127.0.0.1:${silent.port}`, { connectMs: 20 })).over)).toEqual([
      'upstream_timeout',
      true,
    ])
  })

  it('ends idle ones on close, busy ones after their exchange, and keeps none then', async () => {
    const waiting: (() => void)[] = []
    const upstream = await startRaw((socket, _text, connection) => {
      if (connection === 1) waiting.push(() => socket.write(OK))
      else socket.write(OK)
    })
    const endpoint = endpointTo(origin(upstream))
    await ask(endpoint).over
    const first = ask(endpoint)
    const second = ask(endpoint)
    await first.over
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const closes = upstream.sockets.map((socket) => once(socket, 'close'))
    endpoint.close()
    await closes[0]
    waiting[0]?.()
    expect((await second.over).content).toBe('ok')
    await closes[1]
  })
})

describe('handshakes', () => {
  it('hands the connection over with what came after the 101', async () => {
    const upstream = await startRaw((socket, text) => {
      if (text.startsWith('GET')) socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nfirst')
      else socket.end(text.toUpperCase())
    })
    const endpoint = endpointTo(origin(upstream))
    const { promise, resolve } = Promise.withResolvers<string>()
    const handler = {
      connected: () => undefined,
      information: () => undefined,
      head: () => undefined,
      data: () => true,
      end: () => undefined,
      drain: () => undefined,
      failed: () => undefined,
    }
    endpoint.upgrade(GET, handler, (answer, socket, first) => {
      let text = `${answer.status} ${first.toString()}`
      socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text))
      socket.resume()
      socket.write('second')
    })
    expect(await promise).toBe('101 firstSECOND')
  })
})
