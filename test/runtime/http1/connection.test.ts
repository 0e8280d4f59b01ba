import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Http1Response } from '../../../runtime/http1/index.ts'
import { contentOf, echo, exchange, open, startServer } from './stage.ts'

afterEach(() => {
  vi.useRealTimers()
})

const CLOSE = 'Connection: close\r\n'
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

describe('requests', () => {
  it('come whole however their bytes are cut', async () => {
    const { port } = await startServer()
    const bytes =
      'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello' +
      `POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('wor')}${chunk('ld')}0\r\nX-T: 1\r\n\r\n` +
      `GET /c HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        const client = await open(port)
        let from = 0
        for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          client.socket.write(bytes.slice(from, to), 'latin1')
          await new Promise((resolve) => setImmediate(resolve))
          from = to
        }
        const answers = (await client.ended).split('HTTP/1.1 200 OK').slice(1).map(contentOf)
        expect(answers).toEqual(['hello', 'world', ''])
      }),
      { numRuns: 40 },
    )
  })

  it('are given to nobody before the one in front of them has its answer', async () => {
    const waiting: Http1Response[] = []
    const { port, requests } = await startServer((_request, response) => waiting.push(response))
    const client = await open(port)
    client.socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n')
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    client.socket.write('GET /3 HTTP/1.1\r\nHost: x\r\n\r\n')
    for (const count of [1, 2, 3]) {
      await vi.waitFor(() => expect(waiting).toHaveLength(count))
      await wait(5)
      expect(requests.map(({ url }) => url)).toEqual(['/1', '/2', '/3'].slice(0, count))
      waiting[count - 1]?.writeHead(200, { 'Content-Length': 1 }).end(String(count))
    }
    expect((await client.answers(3)).match(/\r\n\r\n\d/g)).toEqual(['\r\n\r\n1', '\r\n\r\n2', '\r\n\r\n3'])
  })

  it('of HTTP/1.0 keep a connection when they ask for it and the answer has a length', async () => {
    const { port } = await startServer()
    const kept = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
    expect((await exchange(port, `${kept}GET / HTTP/1.0\r\n\r\n`)).match(/Connection: \S+/g)).toEqual([
      'Connection: keep-alive',
      'Connection: close',
    ])
  })

  it('may begin behind an empty line, however that is cut', async () => {
    const { port } = await startServer()
    expect(await exchange(port, `\r\n\r\nGET / HTTP/1.1\r\n${CLOSE}\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    const client = await open(port)
    client.socket.write('\r')
    await wait(10)
    client.socket.write(`\nGET / HTTP/1.1\r\n${CLOSE}\r\n`)
    expect(await client.ended).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('behind one whose client is gone are nobody’s', async () => {
    const { port, requests } = await startServer((_request, response) => {
      response.writeHead(200, { 'Content-Length': 30_000_000 }).end(Buffer.alloc(30_000_000))
    })
    const client = await open(port)
    client.socket.pause()
    client.socket.write('GET / HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\n\r\n')
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    const closed = new Promise((resolve) => requests[0]?.socket.once('close', resolve))
    client.socket.resetAndDestroy()
    await closed
    await wait(10)
    expect(requests).toHaveLength(1)
  })
})

describe('what is no request', () => {
  it.each([
    ['GET / HTTP/1.1\nHost: x\n\n', 'malformed'],
    ['\x16\x03\x01\x02\x00\x01', 'malformed'],
    ['GET / HTTP/1.1\r\nHost : x\r\n\r\n', 'malformed'],
    [`GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}`, 'headers_too_large'],
    [`GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 'headers_too_large'],
  ] as const)('is refused at once: %j', async (bytes, problem) => {
    const { port, requests, problems } = await startServer()
    expect(await exchange(port, bytes)).toMatch(/^HTTP\/1\.1 400 /)
    expect([requests.length, problems]).toEqual([0, [problem]])
  })

  it('is refused behind an answer too, and what follows it is nobody’s', async () => {
    const { port, requests } = await startServer()
    const next = 'GET /next HTTP/1.1\r\nHost: x\r\n\r\n'
    const answer = await exchange(port, `GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost : x\r\n\r\n${next}`)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
    expect(requests).toHaveLength(1)
  })

  it('in the middle of a body ends the request', async () => {
    const { port, problems } = await startServer()
    const answer = await exchange(port, 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(problems).toEqual(['malformed'])
  })

  it('comes too slowly', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'performance'] })
    const { port, problems } = await startServer()
    const [slow, silent] = [await open(port), await open(port)]
    slow.socket.write('GET / HTTP/1.1\r\nHo')
    await wait(20)
    vi.advanceTimersByTime(14_000)
    slow.socket.write('st: x\r\n')
    await wait(20)
    expect(problems).toEqual([])
    vi.advanceTimersByTime(4_000)
    expect(await slow.ended).toMatch(/^HTTP\/1\.1 400 /)
    expect(await silent.ended).toBe('')
    expect(problems).toEqual(['too_slow'])
  })
})

describe('a body', () => {
  it('waits until somebody asks, and while somebody says to', async () => {
    const seen: string[] = []
    let resume = (): void => undefined
    const { port } = await startServer((request, response) => {
      request.once('end', () => response.writeHead(200, { 'Content-Length': 0 }).end())
      request.on('data', (part: Buffer) => {
        seen.push(part.toString())
        request.pause()
        resume = () => void request.resume()
      })
    })
    const client = await open(port)
    client.socket.write(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('a')}${chunk('b')}0\r\n\r\n`)
    await vi.waitFor(() => expect(seen).toEqual(['a']))
    await wait(10)
    expect(seen).toEqual(['a'])
    resume()
    expect(seen).toEqual(['a', 'b'])
    expect(client.received()).toBe('')
    resume()
    await client.answers(1)
  })

  it('of any size comes as it was sent, to whoever takes it slowly', async () => {
    const size = 3_000_000
    let sum = 0
    const { port } = await startServer((request, response) => {
      request.on('data', (part: Buffer) => {
        sum += part.length
        request.pause()
        setImmediate(() => request.resume())
      })
      request.once('end', () => response.writeHead(200, { 'Content-Length': 0, Connection: 'close' }).end())
    })
    await exchange(port, `POST / HTTP/1.1\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`)
    expect(sum).toBe(size)
  })

  it('that has its answer before its end is read on, and the next request served', async () => {
    const { port } = await startServer((request, response) => {
      if (request.method === 'POST') response.writeHead(413, { 'Content-Length': 0 }).end()
      else echo(request, response)
    })
    const body = 'x'.repeat(200_000)
    const answer = await exchange(
      port,
      `POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n${body}GET / HTTP/1.1\r\n${CLOSE}\r\n`,
    )
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
  })

  it('that is read on after its answer comes to whoever still listens', async () => {
    let read = 0
    const ended = Promise.withResolvers<void>()
    const { port } = await startServer((request, response) => {
      response.writeHead(200, { 'Content-Length': 0 }).end()
      request.on('data', (part: Buffer) => (read += part.length)).once('end', () => ended.resolve())
    })
    const client = await open(port)
    client.socket.write(`POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n${'x'.repeat(200_000)}`)
    await ended.promise
    expect(read).toBe(200_000)
  })

  it('that ends with its connection, and not by itself, says so', async () => {
    const told: string[] = []
    const { port } = await startServer((request, response) => {
      request.on('end', () => told.push('end')).on('close', () => told.push(`close ${request.complete}`))
      response.writeHead(200, { 'Content-Length': 0, Connection: 'close' }).end()
    })
    await exchange(port, 'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc')
    expect(told).toEqual(['close false'])
  })

  it('that was asked for by nobody ends the connection where a client may leave it out', async () => {
    const { port, requests } = await startServer((_request, response) => {
      response.writeHead(417, { 'Content-Length': 0 }).end()
    })
    const head = 'POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 30\r\n\r\n'
    expect(await exchange(port, `${head}GET /smuggled HTTP/1.1\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 417 [^]*Connection: close/,
    )
    expect(requests).toHaveLength(1)
  })

  it('of which two readers could see another end is never read', async () => {
    const { port, requests } = await startServer((_request, response) => {
      response.writeHead(400, { 'Content-Length': 0 }).end()
    })
    const head = 'POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(await exchange(port, `${head}0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 [^]*close/)
    expect(requests).toHaveLength(1)
  })
})

it('a protocol that takes over has every byte that came ahead, and its request has ended', async () => {
  const closed: number[] = []
  const { port } = await startServer((_request, response) => {
    response.once('close', () => closed.push(response.statusCode))
    const { socket, head } = response.detachSocket()
    socket.write(`[${head.toString()}]`)
    socket.on('data', (bytes: Buffer) => socket.write(bytes))
  })
  const client = await open(port)
  client.socket.write('GET / HTTP/1.1\r\nUpgrade: x\r\n\r\nahead')
  await once(client.socket, 'data')
  client.socket.write(' and behind')
  await vi.waitFor(() => expect(client.received()).toBe('[ahead] and behind'))
  expect(closed).toEqual([101])
})
