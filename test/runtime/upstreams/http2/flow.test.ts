import { expect, test } from 'vitest'

import { ask, failureOf } from '../ask.ts'
import {
  ACK,
  DATA,
  END_HEADERS,
  END_STREAM,
  fields,
  frame,
  HEADERS,
  PING,
  startRawHttp2,
  WINDOW_UPDATE,
} from './raw-http2.ts'
import { openEndpoint, startHttp2Upstream } from './stage.ts'

const CHUNK = Buffer.alloc(16_384, 'x')
/** Chunks that fit into the window that we give to one stream. */
const WINDOW_CHUNKS = 16

test('a reader that pauses lets the upstream send no more than one window', async () => {
  const windows: ('before' | 'after')[] = []
  let isResumed = false
  const origin = await startRawHttp2((socket, { type, flags, streamId }) => {
    if (type === HEADERS) {
      socket.write(frame(HEADERS, END_HEADERS, streamId, fields(':status', '200')))
      for (let sent = 0; sent < WINDOW_CHUNKS; sent += 1) socket.write(frame(DATA, 0, streamId, CHUNK))
      socket.write(frame(PING, 0, 0, Buffer.alloc(8)))
    } else if (type === PING && flags === ACK) {
      // All that was sent has arrived by now.
      isResumed = true
      asked.exchange.resume()
    } else if (type === WINDOW_UPDATE && streamId > 0) {
      windows.push(isResumed ? 'after' : 'before')
      if (windows.length === 1) socket.write(frame(DATA, END_STREAM, streamId, CHUNK))
    }
  })
  const asked = ask(openEndpoint(origin), {}, { data: () => isResumed })
  expect((await asked.over).at(-1)).toEqual({ kind: 'end', trailers: [] })
  expect(new Set(windows)).toEqual(new Set(['after']))
})

test('an upstream that does not read lets no more be written than fits into its window', async () => {
  const total = 4 * 1024 * 1024
  let written = 0
  let whileUnread = 0
  const upstream = await startHttp2Upstream(({ stream }) => {
    let arrived = 0
    // Three round trips: whatever fits has arrived.
    stream.session?.ping(() => stream.session?.ping(() => stream.session?.ping(read)))
    const read = (): void => {
      whileUnread = written
      stream.on('data', (chunk: Buffer) => (arrived += chunk.length))
      stream.on('end', () => {
        stream.respond({ ':status': 200 })
        stream.end(String(arrived))
      })
    }
  })
  const write = (): void => {
    while (written < total) {
      written += CHUNK.length
      if (!asked.exchange.write(CHUNK)) return
    }
    asked.exchange.end()
  }
  const asked = ask(openEndpoint(upstream.origin), { method: 'POST', hasBody: true }, { drain: write })
  write()
  await asked.over
  expect(asked.text()).toBe(String(total))
  expect(whileUnread).toBeLessThan(256 * 1024)
})

test('what is written before there is a connection waits for it', async () => {
  const upstream = await startHttp2Upstream(({ stream }) => {
    stream.respond({ ':status': 200 })
    stream.pipe(stream)
  })
  const asked = ask(openEndpoint(upstream.origin), { method: 'POST', hasBody: true })
  expect(asked.exchange.write(Buffer.from('a'))).toBe(false)
  asked.exchange.write(Buffer.from('b'))
  asked.exchange.end()
  asked.exchange.write(Buffer.from('too late'))
  await asked.over
  expect(asked.text()).toBe('ab')
})

test('an answer that came whole is read to its end although the connection is gone', async () => {
  const waiting: number[] = []
  const origin = await startRawHttp2((socket, { type, streamId }) => {
    if (type !== HEADERS) return
    waiting.push(streamId)
    const [first] = waiting
    if (first === undefined || waiting.length < 2) return
    socket.write(frame(HEADERS, END_HEADERS, first, fields(':status', '200')))
    socket.write(frame(DATA, 0, first, CHUNK))
    socket.end(Buffer.concat([frame(DATA, 0, first, CHUNK), frame(DATA, END_STREAM, first, CHUNK)]))
  })
  const endpoint = openEndpoint(origin)
  let bytes = 0
  let isGone = false
  const count = (chunk: Buffer): boolean => {
    bytes += chunk.length
    return isGone
  }
  const asked = ask(endpoint, {}, { data: count })
  // Without an answer of its own it tells when the connection has ended.
  expect(await failureOf(ask(endpoint))).toMatchObject({ code: 'upstream_closed' })
  expect(bytes).toBe(CHUNK.length)
  isGone = true
  asked.exchange.resume()
  expect((await asked.over).at(-1)).toEqual({ kind: 'end', trailers: [] })
  expect(bytes).toBe(3 * CHUNK.length)
})
