import { describe, expect, it, vi } from 'vitest'

import type { Http1Response } from '../../../runtime/http1/index.ts'
import { contentOf, exchange, open, startServer } from './stage.ts'

describe('a server that is drained', () => {
  it('closes idle connections, and others behind their answer', async () => {
    const waiting: Http1Response[] = []
    const { port, http1, requests } = await startServer((_request, response) => waiting.push(response))
    const [idle, busy] = [await open(port), await open(port)]
    busy.socket.write('GET / HTTP/1.1\r\n\r\n')
    await vi.waitFor(() => expect(requests).toHaveLength(1))
    http1.drain()
    expect(await idle.ended).toBe('')
    waiting[0]?.writeHead(200, { 'Content-Length': 0 }).end()
    expect(await busy.ended).toMatch(/Connection: close/)
  })

  it('does not wait for a client that was told that its connection is kept', async () => {
    const waiting: Http1Response[] = []
    const { port, http1 } = await startServer((_request, response) => {
      response.writeHead(200, { 'Content-Length': 1 }).flushHeaders()
      waiting.push(response)
    })
    const client = await open(port)
    client.socket.write('GET / HTTP/1.1\r\n\r\n')
    expect(await client.answers(1)).toMatch(/keep-alive/)
    http1.drain()
    waiting[0]?.end('x')
    expect(contentOf(await client.ended)).toBe('x')
  })

  it('speaks on no more connections', async () => {
    const { port, http1 } = await startServer()
    http1.drain()
    expect(await exchange(port, 'GET / HTTP/1.1\r\n\r\n')).toBe('')
  })
})
