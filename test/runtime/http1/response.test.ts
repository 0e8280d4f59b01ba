import { setTimeout as wait } from 'node:timers/promises'

import { describe, expect, it, vi } from 'vitest'

import type { Http1Response } from '../../../runtime/http1/index.ts'
import { contentOf, exchange, open, startServer } from './stage.ts'

const CLOSE = 'Connection: close\r\n'

describe('an answer', () => {
  const answered = async (answer: (response: Http1Response) => void, line = 'GET / HTTP/1.1') => {
    const { port } = await startServer((_request, response) => answer(response))
    return exchange(port, `${line}\r\n${CLOSE}\r\n`)
  }

  it('has its fields in their order, a date and a framing', async () => {
    const text = await answered((response) => response.writeHead(200, ['B', '1', 'a', '2', 'B', '3']).end('é'))
    expect(text).toMatch(
      /^HTTP\/1\.1 200 OK\r\nB: 1\r\na: 2\r\nB: 3\r\nDate: [^\r]+ GMT\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n/,
    )
    expect(contentOf(text)).toBe('2\r\n\xc3\xa9\r\n0\r\n\r\n')
  })

  it.each([
    ['HEAD / HTTP/1.1', 200],
    ['GET / HTTP/1.1', 204],
    ['GET / HTTP/1.1', 304],
  ])('to %s with %i has no content', async (line, status) => {
    const text = await answered((response) => response.writeHead(status).end('content'), line)
    expect(contentOf(text)).toBe('')
    expect(text).not.toMatch(/transfer-encoding/i)
  })

  it('of HTTP/1.0 ends with its connection where it has no length', async () => {
    const text = await answered((response) => void (response.write('a') && response.end('b')), 'GET / HTTP/1.0')
    expect(text).not.toMatch(/chunked/)
    expect(contentOf(text)).toBe('ab')
  })

  it('has trailers behind chunks', async () => {
    const text = await answered((response) => {
      response.writeHead(200).addTrailers(['X-Sum', '1'])
      response.end('a')
    })
    expect(contentOf(text)).toBe('1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n')
  })

  it.each([
    ['shorter', 'abc'],
    ['longer', 'abcdefgh'],
  ])('that is %s than it said is cut', async (_, content) => {
    const text = await answered((response) => response.writeHead(200, { 'Content-Length': 5 }).end(content))
    expect(contentOf(text).length).toBeLessThan(5)
  })

  it.each([
    [['X', 'a\r\nSet-Cookie: b']],
    [['X', 'a\0']],
    [['X', '\u{10a}']],
    [['X Y', 'a']],
    [['', 'a']],
    [['Transfer-Encoding', 'chunked']],
    [['Content-Length', '1', 'Content-Length', '1']],
    [['Content-Length', '+1']],
  ])('with the fields %j is none', async (headers) => {
    let thrown: unknown
    await answered((response) => {
      try {
        response.writeHead(200, headers)
      } catch (error) {
        thrown = error
      }
      response.destroy()
    })
    expect(thrown).toBeInstanceOf(TypeError)
  })

  it('tells that all has gone out only when it has', async () => {
    const content = Buffer.alloc(20_000_000)
    const told: string[] = []
    const { port } = await startServer((_request, response) => {
      response
        .on('finish', () => told.push('finish'))
        .on('close', () => told.push(`close ${response.writableFinished}`))
      response.writeHead(200, { 'Content-Length': content.length }).end(content)
    })
    const client = await open(port)
    client.socket.pause()
    client.socket.write('GET / HTTP/1.1\r\n\r\n')
    await wait(50)
    expect(told).toEqual([])
    client.socket.resume()
    await vi.waitFor(() => expect(told).toEqual(['finish', 'close true']))
  })

  it('to a client that has left is closed, and not finished', async () => {
    const told: string[] = []
    const begun = Promise.withResolvers<void>()
    const { port } = await startServer((_request, response) => {
      response
        .on('finish', () => told.push('finish'))
        .on('close', () => told.push(`close ${response.writableFinished}`))
      begun.resolve()
    })
    const client = await open(port)
    client.socket.write('GET / HTTP/1.1\r\n\r\n')
    await begun.promise
    client.socket.end()
    await vi.waitFor(() => expect(told).toEqual(['close false']))
  })

  it('that has gone out cannot end the connection of the next one', async () => {
    let first: Http1Response | undefined
    const { port } = await startServer((_request, response) => {
      if (first === undefined) first = response.writeHead(200, { 'Content-Length': 0 }).end()
      else {
        response.writeHead(200, { 'Content-Length': 6 }).write('abc')
        first.destroy()
        response.end('def')
      }
    })
    const answer = await exchange(port, `GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n${CLOSE}\r\n`)
    expect(answer).toMatch(/abcdef$/)
  })

  it('that is written and then cut in one turn is not told as sent', async () => {
    const told: string[] = []
    const { port } = await startServer((_request, response) => {
      response.on('finish', () => told.push('finish')).on('close', () => told.push('close'))
      response.writeHead(200, { 'Content-Length': 1 }).end('x', 'latin1')
      response.destroy()
    })
    await exchange(port, 'GET / HTTP/1.1\r\n\r\n')
    await wait(10)
    expect(told).toEqual(['close'])
  })
})
