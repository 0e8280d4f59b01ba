import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

import { afterEach, expect, it, onTestFinished } from 'vitest'

import { Http1Server } from '../../../runtime/http1/index.ts'
import { type BodyBounds, type ReadBody, readBody } from '../../../runtime/server/read-body.ts'

const BOUNDS: BodyBounds = { keepBytes: 10, readBytes: 1_000, withinMs: 5_000 }

const servers: Server[] = []
const clients: Socket[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  for (const server of servers.splice(0)) {
    await once(server.close(), 'close')
  }
})

/** Sends bytes after the head of a POST; what the server read of them. */
async function read(bytes: string, fields: string, bounds: Partial<BodyBounds> = {}, end = false): Promise<ReadBody> {
  const { promise, resolve } = Promise.withResolvers<ReadBody>()
  const http1 = new Http1Server({
    request: (request, response) => void readBody(request, response, { ...BOUNDS, ...bounds }).then(resolve),
    refuse: () => undefined,
  })
  onTestFinished(() => http1.drain())
  const server = createServer((socket) => http1.speak(socket)).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  clients.push(client)
  client.on('error', () => client.destroy())
  client.write(`POST / HTTP/1.1\r\nHost: x\r\n${fields}\r\n\r\n${bytes}`)
  if (end) client.end()
  return promise
}

it('reads a body of exactly what is kept, by length and in chunks', async () => {
  expect(await read('0123456789', 'Content-Length: 10')).toEqual(Buffer.from('0123456789'))
  expect(await read('5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n', 'Transfer-Encoding: chunked')).toEqual(
    Buffer.from('0123456789'),
  )
})

it('reads none where there is none', async () => {
  expect(await read('', 'Content-Length: 0')).toEqual(Buffer.alloc(0))
  expect(await read('', 'Accept: */*')).toEqual(Buffer.alloc(0))
})

it('keeps nothing of one that is larger, and reads it to its end', async () => {
  expect(await read('x'.repeat(500), 'Content-Length: 500')).toBe('too_large')
})

it('reads no more than it was told to, however long it says to be', async () => {
  expect(await read('x'.repeat(2_000), 'Content-Length: 999999999')).toBe('too_large')
})

it('waits no longer than it was told to', async () => {
  expect(await read('0123', 'Content-Length: 10', { withinMs: 20 })).toBe('too_slow')
  expect(await read('x'.repeat(50), 'Content-Length: 500', { withinMs: 20 })).toBe('too_large')
})

it('says when its sender has gone', async () => {
  expect(await read('0123', 'Content-Length: 10', {}, true)).toBe('cut_off')
})
