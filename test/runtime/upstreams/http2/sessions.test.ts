import { once } from 'node:events'
import { constants, type ServerHttp2Stream } from 'node:http2'
import { describe, expect, test } from 'vitest'

import { ask, failureOf } from '../ask.ts'
import { ACK, END_HEADERS, fields, frame, HEADERS, PING, startRawHttp2 } from './raw-http2.ts'
import { nth, openEndpoint, startHttp2Upstream } from './stage.ts'

const answer = ({ stream }: { stream: ServerHttp2Stream }): void => {
  stream.respond({ ':status': 200 })
  stream.end('hello')
}

describe('connections', () => {
  test('are one for requests that follow each other', async () => {
    const upstream = await startHttp2Upstream(answer)
    const endpoint = openEndpoint(upstream.origin)
    for (let asked = 0; asked < 5; asked += 1) await ask(endpoint).over
    expect(upstream.sessions).toHaveLength(1)
  })

  test('are as many as the upstream’s limit of streams makes necessary', async () => {
    const held: ServerHttp2Stream[] = []
    let isEnough = (): void => undefined
    const arrived = new Promise<void>((resolve) => (isEnough = resolve))
    const upstream = await startHttp2Upstream(
      ({ stream }) => {
        if (held.push(stream) === 25) isEnough()
      },
      { settings: { maxConcurrentStreams: 10 } },
    )
    const endpoint = openEndpoint(upstream.origin)
    const all = Array.from({ length: 25 }, () => ask(endpoint))
    await arrived
    const perSession = upstream.sessions.map((session) => held.filter((stream) => stream.session === session).length)
    expect(perSession.toSorted((one, other) => other - one)).toEqual([10, 10, 5])
    for (const stream of held) answer({ stream })
    for (const { over } of all) expect((await over).at(-1)?.kind).toBe('end')
  })

  test('are closed when nobody uses them', async () => {
    const upstream = await startHttp2Upstream(answer)
    await ask(openEndpoint(upstream.origin, { keepAliveMs: 1 })).over
    const session = nth(upstream.sessions, 0)
    await once(session, 'close')
    expect(session.destroyed).toBe(true)
  })

  test('are not used any more once the upstream has said goodbye, and what runs on them ends in peace', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.write('begun')
    })
    const endpoint = openEndpoint(upstream.origin)
    const first = ask(endpoint)
    await first.first('data')
    const old = nth(upstream.streams, 0).stream
    const session = nth(upstream.sessions, 0)
    session.goaway(constants.NGHTTP2_NO_ERROR, old.id)
    // The goodbye has arrived when what was sent after it has been answered.
    await new Promise((resolve) => session.ping(resolve))
    const second = ask(endpoint)
    await second.first('data')
    expect(upstream.sessions).toHaveLength(2)
    for (const { stream } of upstream.streams) stream.end(' and done')
    await Promise.all([first.over, second.over])
    expect(first.text()).toBe('begun and done')
  })

  test('that take no streams are a failure', async () => {
    const upstream = await startHttp2Upstream(answer, { settings: { maxConcurrentStreams: 0 } })
    const failure = await failureOf(ask(openEndpoint(upstream.origin)))
    expect(failure).toMatchObject({ code: 'upstream_protocol', untouched: true })
  })

  test('have nothing sent on them that was given up before', async () => {
    const upstream = await startHttp2Upstream(answer)
    const endpoint = openEndpoint(upstream.origin)
    const givenUp = ask(endpoint, { target: '/given-up' })
    givenUp.exchange.abort()
    await ask(endpoint, { target: '/kept' }).over
    expect(upstream.streams.map(({ headers }) => headers[':path'])).toEqual(['/kept'])
    expect(givenUp.heard).toEqual([])
  })
})

describe('an endpoint that is closed', () => {
  test('ends its idle connections at once and busy ones after their exchange', async () => {
    const upstream = await startHttp2Upstream(({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.write('begun')
    })
    const endpoint = openEndpoint(upstream.origin)
    const asked = ask(endpoint)
    await asked.first('data')
    endpoint.close()
    const ended = once(nth(upstream.sessions, 0), 'close')
    nth(upstream.streams, 0).stream.end(' and done')
    await asked.over
    expect(asked.text()).toBe('begun and done')
    await ended
  })

  test('still serves a request that chose it before, on a connection that it does not keep', async () => {
    const upstream = await startHttp2Upstream(answer)
    const endpoint = openEndpoint(upstream.origin)
    endpoint.close()
    const asked = ask(endpoint)
    await asked.over
    expect(asked.text()).toBe('hello')
    const session = nth(upstream.sessions, 0)
    if (!session.destroyed) await once(session, 'close')
  })
})

test('an upstream that has gone without a word is noticed by a ping', async () => {
  let pings = 0
  const origin = await startRawHttp2((socket, { type, flags, streamId }) => {
    if (type === HEADERS) socket.write(frame(HEADERS, END_HEADERS, streamId, fields(':status', '200')))
    if (type === PING && (flags & ACK) === 0) pings += 1
  })
  const asked = ask(openEndpoint(origin, { silence: { checkMs: 5, answerMs: 5, pauseMs: 0 } }))
  expect(await failureOf(asked)).toMatchObject({ code: 'upstream_timeout', untouched: false })
  expect(pings).toBe(1)
})

test('a WebSocket is refused without asking the upstream', async () => {
  const upstream = await startHttp2Upstream(answer)
  const endpoint = openEndpoint(upstream.origin)
  const failure = await new Promise((resolve) => {
    const nothing = (): void => undefined
    const handler = {
      connected: nothing,
      information: nothing,
      head: nothing,
      data: () => true,
      end: nothing,
      drain: nothing,
    }
    endpoint.upgrade(
      { method: 'GET', target: '/', headers: [], hasBody: false },
      { ...handler, failed: resolve },
      nothing,
    )
  })
  expect(failure).toMatchObject({ code: 'upstream_protocol', untouched: true })
  expect(upstream.sessions).toEqual([])
})
