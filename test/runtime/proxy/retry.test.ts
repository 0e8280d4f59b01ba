import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'

import type { Endpoint, Outcome, UpstreamGroup } from '../../../runtime/upstreams/contract.ts'
import { endpointTo, exchange, get, openWire, startGateway, startRawUpstream, startUpstream } from './stage.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A group that goes through its endpoints in order, those that were not tried first, and writes down what became of each. */
function inOrder(...endpoints: Endpoint[]): UpstreamGroup & { outcomes: string[] } {
  const outcomes: string[] = []
  return {
    outcomes,
    choose(_kind, tried) {
      const endpoint = endpoints.find((each) => !tried.includes(each)) ?? endpoints[0]
      if (endpoint === undefined) return undefined
      const index = endpoints.indexOf(endpoint)
      let isHeld = true
      const release = (outcome: Outcome): void => {
        if (isHeld) outcomes.push(`${index} ${outcome}`)
        isHeld = false
      }
      return { endpoint, release }
    },
    close: () => undefined,
  }
}

async function closedOrigin(): Promise<string> {
  const { server, origin } = await startUpstream()
  server.close()
  await once(server, 'close')
  return origin
}

/** Reads a request, then closes without a word. */
async function startSilent(): Promise<{ origin: string; seen: string[] }> {
  const seen: string[] = []
  const origin = await startRawUpstream((socket, first) => {
    seen.push(first.split(' HTTP')[0] ?? '')
    socket.destroy()
  })
  return { origin, seen }
}

const asPost = (text: string): string => text.replace('GET', 'POST')

describe('another try', () => {
  it('goes to another server when the first one cannot be reached, whatever the method, with the body', async () => {
    const bodies: string[] = []
    const upstream = await startUpstream((req, res) => {
      let body = ''
      req.on('data', (chunk) => (body += String(chunk))).on('end', () => res.end(`got ${bodies.push(body)}`))
    })
    const upstreams = inOrder(endpointTo(await closedOrigin()), endpointTo(upstream.origin))
    const gateway = await startGateway('http://unused.invalid', { route: { upstreams, retries: 1 } })
    expect(await exchange(gateway.port, get('/'))).toMatch(/ 200 /)
    expect(await exchange(gateway.port, `${asPost(get('/', 'Content-Length: 4'))}body`)).toMatch(/ 200 /)
    expect(upstreams.outcomes).toEqual(['0 failed', '1 answered', '0 failed', '1 answered'])
    expect(bodies).toEqual(['', 'body'])
    expect(upstream.requests[1]?.headers.host).toBe(new URL(upstream.origin).host)
  })

  it('goes to another server when the first one closes before it answers, if the method may be repeated', async () => {
    const silent = await startSilent()
    const upstream = await startUpstream()
    const group = (): ReturnType<typeof inOrder> => inOrder(endpointTo(silent.origin), endpointTo(upstream.origin))
    const gateway = await startGateway('http://unused.invalid', { route: { upstreams: group(), retries: 1 } })
    expect(await exchange(gateway.port, get('/'))).toMatch(/ 200 /)
    expect(upstream.requests).toHaveLength(1)
    const posts = [asPost(get('/')), `${get('/', 'Content-Length: 1').replace('GET', 'PUT')}x`]
    for (const bytes of posts) {
      const other = await startGateway('http://unused.invalid', { route: { upstreams: group(), retries: 1 } })
      expect(await exchange(other.port, bytes)).toMatch(/ 502 [^]*upstream_closed/)
    }
    expect(upstream.requests).toHaveLength(1)
    expect(silent.seen).toHaveLength(3)
  })

  it('is made as often as the route says, and not without its word', async () => {
    const silent = await startSilent()
    for (const [retries, seen] of [
      [0, 1],
      [2, 4],
    ] as const) {
      const gateway = await startGateway(silent.origin, { route: { retries } })
      expect(await exchange(gateway.port, get('/'))).toMatch(/ 502 /)
      expect(silent.seen).toHaveLength(seen)
    }
  })

  it('is not made after the client was told anything, nor of an answer that makes no sense, nor of a slow one', async () => {
    const seen: Socket[] = []
    const answers = ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'HTTP/1.1 20 OK\r\n\r\n', undefined]
    for (const answer of answers) {
      const origin = await startRawUpstream((socket) => {
        seen.push(socket)
        if (answer !== undefined) socket.end(answer)
      })
      const gateway = await startGateway(origin, { route: { retries: 2 }, limits: { firstByteMs: 30 } })
      await exchange(gateway.port, get('/'))
      expect(gateway.failures).toHaveLength(1)
    }
    expect(seen).toHaveLength(answers.length)
  })

  it('ends with the client', async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<Socket>()
    const origin = await startRawUpstream((socket) => resolve(socket))
    const gateway = await startGateway(origin, { route: { retries: 5 } })
    const failure = gateway.nextFailure()
    const wire = openWire(gateway.port, get('/'))
    const upstream = await arrived
    const gone = once(upstream, 'close')
    wire.socket.destroy()
    await gone
    expect((await failure).code).toBe('client_gone')
  })
})

describe('limits', () => {
  it('refuses a body that is announced too large before the app hears of it', async () => {
    const upstream = await startUpstream()
    const gateway = await startGateway(upstream.origin, { route: { limits: { bodyBytes: 4 } } })
    const expecting = asPost(get('/', 'Content-Length: 5', 'Expect: 100-continue'))
    expect(await exchange(gateway.port, expecting)).toMatch(/^HTTP\/1\.1 413 [^]*body_too_large/)
    expect(await exchange(gateway.port, `${asPost(get('/', 'Content-Length: 4'))}body`)).toMatch(/ 200 /)
    expect(upstream.requests).toHaveLength(1)
  })

  it('cuts a body off that turns out to be too large', async () => {
    const upstream = await startUpstream((req) => void req.on('error', () => undefined).resume())
    const gateway = await startGateway(upstream.origin, { route: { limits: { bodyBytes: 4 } } })
    const aborted = once(upstream.server, 'request').then(([req]) => once(req as Socket, 'error'))
    const bytes = `${asPost(get('/', 'Transfer-Encoding: chunked'))}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`
    expect(await exchange(gateway.port, bytes)).toMatch(/^HTTP\/1\.1 413 [^]*body_too_large/)
    await aborted
    expect(upstream.requests[0]?.complete).toBe(false)
  })

  it('refuses header fields above the limit', async () => {
    const upstream = await startUpstream()
    const gateway = await startGateway(upstream.origin, { route: { limits: { headerBytes: 200 } } })
    expect(await exchange(gateway.port, get('/', `X: ${'a'.repeat(200)}`))).toMatch(/ 431 [^]*headers_too_large/)
    expect(upstream.requests).toHaveLength(0)
    expect(await exchange(gateway.port, get('/'))).toMatch(/ 200 /)
  })

  it('ends an exchange that takes too long in all, though bytes still move', async () => {
    const origin = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 2)
      socket.once('close', () => clearInterval(drip))
    })
    const gateway = await startGateway(origin, { limits: { totalMs: 60, idleMs: 50_000 } })
    expect(await exchange(gateway.port, get('/'))).toMatch(/^HTTP\/1\.1 200 /)
    expect(gateway.failures).toMatchObject([{ code: 'upstream_timeout', answerable: false }])
  })

  it('lets an exchange go on for as long as something moves', async () => {
    let left = 20
    const origin = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const drip = setInterval(() => {
        left -= 1
        if (left > 0) socket.write('x')
        else socket.end('end')
      }, 5)
      socket.once('close', () => clearInterval(drip))
    })
    const gateway = await startGateway(origin, { limits: { idleMs: 60 } })
    expect(await exchange(gateway.port, get('/'))).toContain('end')
    expect(gateway.failures).toHaveLength(0)
  })

  it('answers once more on a connection after a small answer', async () => {
    const origin = await startRawUpstream((socket) => {
      socket.write(OK)
      socket.on('data', () => socket.write(OK))
    })
    const gateway = await startGateway(origin)
    const wire = openWire(gateway.port, 'GET / HTTP/1.1\r\nHost: hello.gw.localhost\r\n\r\n')
    await wire.until(/ok$/)
    wire.socket.write(get('/'))
    expect((await wire.ended).match(/ok/g)).toHaveLength(2)
  })
})
