import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { askedWait, restRequest, type RestRequest } from '../../../infra/provider/rest.ts'

type Reply = (response: ServerResponse) => void

let server: Server
let url: string
/** One for each request; the last one stays. */
let replies: Reply[]
let received: { line: string; headers: IncomingMessage['headers']; body: string }[]
let pauses: number[]

beforeEach(async () => {
  received = []
  pauses = []
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/things?search=a`
})

afterEach(async () => {
  server.closeAllConnections()
  await once(server.close(), 'close')
})

describe('an answer', () => {
  it('is parsed, whatever its status below 500', async () => {
    replies = [json(404, { error: 'not here' })]
    const found = await ask({ method: 'GET' })
    expect(found).toMatchObject({ status: 404, body: { error: 'not here' } })
    expect(found.headers.get('x-test')).toBe('yes')
    expect(pauses).toEqual([])
  })

  it('without JSON has no body', async () => {
    replies = [(response) => response.writeHead(204).end()]
    expect((await ask({ method: 'DELETE' })).body).toBeUndefined()
    replies = [(response) => response.writeHead(200).end('<h1>Proxy</h1>')]
    expect((await ask({ method: 'GET' })).body).toBeUndefined()
  })

  it('that redirects is not followed', async () => {
    replies = [(response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()]
    expect((await ask({ method: 'GET' })).status).toBe(302)
    expect(received).toHaveLength(1)
  })
})

describe('a request', () => {
  beforeEach(() => (replies = [json(200, {})]))

  it.each(['00-secret\ntoken', '00-secret\0token', '00-secret\u200btoken'])(
    'with a credential that no header takes (%j) is not sent, and nothing of the credential is said',
    async (token) => {
      const refusal = ask({ method: 'GET', headers: { authorization: `SSWS ${token}` } })
      await expect(refusal).rejects.toMatchObject({ code: 'unreachable' })
      await expect(refusal).rejects.toThrow(/header authorization .*Was the credential pasted/)
      await expect(refusal).rejects.not.toThrow(/secret|200b/)
      expect(received).toEqual([])
      expect(pauses).toEqual([])
    },
  )

  it('carries its body as JSON', async () => {
    await ask({ method: 'POST', body: { name: 'Grüße' }, headers: { 'X-API-Key': 'k' } })
    const [sent] = received
    expect(sent).toMatchObject({ line: 'POST /api/things?search=a', body: '{"name":"Grüße"}' })
    expect(sent?.headers).toMatchObject({ 'content-type': 'application/json', 'x-api-key': 'k' })
  })

  it('carries URLSearchParams as a form', async () => {
    await ask({ method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) })
    expect(received[0]?.body).toBe('grant_type=client_credentials')
    expect(received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  })

  it('without a body says no type', async () => {
    await ask({ method: 'GET' })
    expect(received[0]?.headers).not.toHaveProperty('content-type')
  })
})

describe('429', () => {
  it.each(['GET', 'POST', 'PATCH', 'DELETE'] as const)('is waited out for a %s', async (method) => {
    replies = [json(429, {}, { 'retry-after': '7' }), json(200, { done: true })]
    expect((await ask({ method })).body).toEqual({ done: true })
    expect(pauses).toEqual([7000])
    expect(received).toHaveLength(2)
  })

  it('without a time is waited out with growing, scattered pauses, and ends', async () => {
    replies = [json(429, { error: 'Too many requests' })]
    await expect(ask({ method: 'POST' })).rejects.toMatchObject({ code: 'unreachable' })
    expect(received).toHaveLength(6)
    expect(pauses).toHaveLength(5)
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(250 * 2 ** index)
      expect(pause).toBeLessThanOrEqual(500 * 2 ** index)
    }
  })

  it('with a time of zero is still not hurried', async () => {
    replies = [json(429, {}, { 'retry-after': '0' }), json(200, {})]
    await ask({ method: 'GET' })
    expect(pauses[0]).toBeGreaterThanOrEqual(250)
  })

  it('that wants hours ends at once', async () => {
    replies = [json(429, {}, { 'retry-after': '7200' })]
    await expect(ask({ method: 'GET' })).rejects.toThrow('left alone for 7200 s')
    expect(pauses).toEqual([])
    expect(received).toHaveLength(1)
  })
})

describe('the wait that a server asks for', () => {
  const now = Date.UTC(2026, 0, 1, 12)
  it.each([
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 12:00:05 GMT' }, 5000],
    ['a date that is over', { 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, 0],
    ['an instant in seconds since 1970', { 'x-rate-limit-reset': String(now / 1000 + 9) }, 9000],
    ['both, where the standard one counts', { 'retry-after': '1', 'x-rate-limit-reset': '99999999999' }, 1000],
    ['nothing', {}, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
  ])('is read from %s', (_title, headers, wait) => {
    expect(askedWait(new Headers(headers), now)).toBe(wait)
  })
})

describe('5xx', () => {
  it.each(['GET', 'PUT', 'DELETE'] as const)('is tried again for a %s', async (method) => {
    replies = [json(503, {}), json(500, {}), json(200, { done: true })]
    expect((await ask({ method })).body).toEqual({ done: true })
    expect(received).toHaveLength(3)
  })

  it('is tried again for a POST that is said to be idempotent, and ends a PUT that is said not to be', async () => {
    replies = [json(503, {}), json(200, { done: true })]
    expect((await ask({ method: 'POST', isIdempotent: true })).body).toEqual({ done: true })
    replies = [json(503, {}), json(200, {})]
    await expect(ask({ method: 'PUT', isIdempotent: false })).rejects.toMatchObject({ code: 'unreachable' })
    expect(received).toHaveLength(3)
  })

  it.each(['POST', 'PATCH'] as const)('ends a %s, which the server may have carried out', async (method) => {
    replies = [json(503, { error: 'maintenance' }), json(200, {})]
    await expect(ask({ method })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^\w+ \S+\/api\/things was tried once, but it answered 503 \(maintenance\)\./),
    })
    expect(received).toHaveLength(1)
  })

  it('heeds Retry-After', async () => {
    replies = [json(503, {}, { 'retry-after': '3' }), json(200, {})]
    await ask({ method: 'GET' })
    expect(pauses).toEqual([3000])
  })
})

describe('a broken connection', () => {
  const broken: Reply = (response) => void response.destroy()

  it('is tried again for a GET', async () => {
    replies = [broken, json(200, { done: true })]
    expect((await ask({ method: 'GET' })).body).toEqual({ done: true })
  })

  it('in the middle of an answer too', async () => {
    const halved: Reply = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":')
      setImmediate(() => response.destroy())
    }
    replies = [halved, json(200, { done: true })]
    expect((await ask({ method: 'GET' })).body).toEqual({ done: true })
  })

  it('ends a POST', async () => {
    replies = [broken, json(200, {})]
    await expect(ask({ method: 'POST' })).rejects.toMatchObject({ code: 'unreachable' })
    expect(received).toHaveLength(1)
  })
})

describe('a connection that does not come about', () => {
  let nobody: string

  beforeEach(async () => {
    const left = createServer().listen(0, '127.0.0.1')
    await once(left, 'listening')
    nobody = `http://127.0.0.1:${(left.address() as AddressInfo).port}/api`
    await once(left.close(), 'close')
  })

  it('is tried again even for a POST', async () => {
    const failure = ask({ method: 'POST', url: nobody, body: {} })
    await expect(failure).rejects.toMatchObject({ code: 'unreachable' })
    await expect(failure).rejects.toThrow(`POST ${nobody} was tried 6 times, but there was no answer`)
    expect(pauses).toHaveLength(5)
  })

  it('ends when the signal does', async () => {
    const stop = new AbortController()
    const pause = async () => stop.abort(new Error('the deployment was cancelled'))
    const request = { method: 'GET', url: nobody, headers: {}, signal: stop.signal, secrets: [] } as const
    await expect(restRequest(request, pause)).rejects.toThrow('time was up: the deployment was cancelled')
  })

  it('ends in the middle of a pause', async () => {
    const signal = AbortSignal.timeout(20)
    const request = { method: 'GET', url: nobody, headers: {}, signal, secrets: [] } as const
    await expect(restRequest(request)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('to a name that cannot exist is not tried again', async () => {
    await expect(ask({ method: 'GET', url: 'http://no-such-host.invalid/' })).rejects.toThrow('was tried once')
    expect(pauses).toEqual([])
  })
})

it('repeats neither the secrets nor the query in an error', async () => {
  replies = [json(500, { error: 'no key s3cr3t/value', details: [{ message: 'nor s3cr3t%2Fvalue, nor \u001b[2J' }] })]
  const failure = await ask({ method: 'GET', secrets: ['s3cr3t/value', undefined] }).catch(String)
  expect(failure).toContain('(no key [secret]: nor [secret], nor  [2J)')
  expect(failure).not.toMatch(/s3cr3t|search=/)
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  received.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
  const reply = replies.length > 1 ? replies.shift() : replies[0]
  reply?.(response)
}

function ask(request: Partial<RestRequest> & Pick<RestRequest, 'method'>) {
  const defaults = { url, headers: {}, signal: AbortSignal.timeout(10_000), secrets: [] }
  return restRequest({ ...defaults, ...request }, async (milliseconds) => void pauses.push(milliseconds))
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-test': 'yes', ...headers })
    response.end(JSON.stringify(body))
  }
}
