import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type RouteName, type Stage, startStage } from '../../support/stage.ts'
import { aliasesOf, type Arrival, exchange, type Field, folded, request, SPOOFED } from '../../support/wire/index.ts'

/** Set by the route `hello`; nobody has a department. */
const CLAIM_HEADERS = { 'X-Whoami': 'email', 'X-Department': 'department' }
const ROUTES: RouteName[] = ['hello', 'docs']

let stage: Stage
beforeAll(async () => {
  stage = await startStage({
    config(config) {
      const { hello } = config.routes
      const { acme } = config.identityProviders
      if (!hello || !acme) throw new Error('the routes have other names')
      acme.claims = ['department']
      hello.identity.headers = CLAIM_HEADERS
    },
  })
})
afterAll(() => stage.close())
beforeEach(() => void stage.upstream.arrivals.splice(0))

/** By route: what lets its requests through. */
const admission = (route: RouteName): string[] => (route === 'hello' ? [`Cookie: ${stage.cookie}`] : [])

/** Folded name → values, as an app behind CGI sees them. */
function seen(fields: readonly Field[] = []): Map<string, string[]> {
  const map = new Map<string, string[]>()
  for (const [name, value] of fields) map.set(folded(name), [...(map.get(folded(name)) ?? []), value])
  return map
}

function expectOnlyOurs({ message: { fields } }: Arrival, route: RouteName): void {
  const names = seen(fields)
  expect(names.get('x-forwarded-for')).toEqual(['127.0.0.1'])
  expect(names.get('x-forwarded-proto')).toEqual(['http'])
  expect(names.get('x-forwarded-host')).toEqual([stage.host(route)])
  const claims = (names.get('x-gatewright-assertion') ?? []).map((assertion) => decodeJwt(assertion)['email'])
  const whoami = names.get('x-whoami')
  const email = 'alice@acme.example'
  expect({ claims, whoami }).toEqual(
    route === 'docs' ? { claims: [], whoami: undefined } : { claims: [email], whoami: [email] },
  )
  expect(names.has('x-department')).toBe(false)
}

/** Sends many headers in as few requests as the limits allow. @returns how many there were */
async function sendAll(method: string, route: RouteName, lines: readonly string[]): Promise<number> {
  let requests = 0
  for (let index = 0; index < lines.length; index += 60, requests += 1) {
    const fields = [`Host: ${stage.host(route)}`, ...admission(route), ...lines.slice(index, index + 60)]
    const answer = await exchange(stage.port, request(method, '/', ...fields, 'Connection: close'))
    expect(answer, `${method} ${route} ${fields.join(' | ')}`).toMatch(/^HTTP\/1\.1 200 /)
  }
  return requests
}

const NAMES = [...SPOOFED, ...Object.keys(CLAIM_HEADERS)]

describe('1, 2: an alias of a header that we or others set', () => {
  it.each(ROUTES.flatMap((route) => ['GET', 'POST'].map((method) => [method, route] as const)))(
    'never reaches the upstream: %s at %s',
    async (method, route) => {
      // On the public route nobody sets claim headers, and they are an ordinary client's own.
      const names = route === 'hello' ? NAMES : SPOOFED
      const count = await sendAll(
        method,
        route,
        names.flatMap(aliasesOf).map((alias) => `${alias}: spoofed`),
      )
      expect(stage.upstream.arrivals).toHaveLength(count)
      for (const arrival of stage.upstream.arrivals) {
        expect(arrival.message.raw).not.toContain('spoofed')
        expectOnlyOurs(arrival, route)
      }
    },
  )
})

describe('3: a header of a claim that the person does not have', () => {
  it.each(aliasesOf('X-Department'))('is not the client’s own %s', async (alias) => {
    expect(await exchange(stage.port, stage.get('hello', '/', ...admission('hello'), `${alias}: board`))).toMatch(
      / 200 /,
    )
    expect(stage.upstream.arrivals).toHaveLength(1)
    expect(stage.upstream.arrivals[0]?.message.raw).not.toMatch(/board|department/i)
  })
})

describe('4: Connection', () => {
  it.each([
    'x-gatewright-assertion',
    'X-GATEWRIGHT-ASSERTION, x-whoami',
    'close, X-Forwarded-For,x-forwarded-proto, X-Forwarded-Host',
    'close,,, \t ,x_gatewright_assertion;q=1, "x-whoami"',
    'host, cookie, x-request-id, content-length',
  ])('takes none of ours away by naming it: %s', async (named) => {
    for (const lines of [
      [`Connection: close, x-own, ${named}`],
      [`Connection: ${named}`, 'Connection: x-own, close'],
    ]) {
      const fields = [`Host: ${stage.host('hello')}`, ...admission('hello'), 'X-Own: 1', ...lines]
      expect(await exchange(stage.port, request('GET', '/', ...fields))).toMatch(/^HTTP\/1\.1 200 /)
    }
    expect(stage.upstream.arrivals).toHaveLength(2)
    for (const arrival of stage.upstream.arrivals) {
      expectOnlyOurs(arrival, 'hello')
      expect(seen(arrival.message.fields).has('x-own')).toBe(false)
      expect(seen(arrival.message.fields).get('x-request-id')).toHaveLength(1)
    }
  })
})

describe('5: an assertion from the client', () => {
  const forged = ['X-Gatewright-Assertion', 'X-Pomerium-Jwt-Assertion', 'X_Gatewright.Assertion']
  it.each(['GET', 'OPTIONS', 'HEAD', 'POST'])(
    'is stripped from %s on public and on protected routes',
    async (method) => {
      for (const route of ROUTES)
        await sendAll(
          method,
          route,
          forged.map((name) => `${name}: eyJhbGciOiJub25lIn0.e30.`),
        )
      expect(stage.upstream.arrivals).toHaveLength(ROUTES.length)
      for (const [index, arrival] of stage.upstream.arrivals.entries()) {
        expect(arrival.message.raw).not.toContain('eyJhbGciOiJub25lIn0')
        expectOnlyOurs(arrival, ROUTES[index] ?? 'docs')
      }
    },
  )

  it('is stripped from trailers, like everything that decides about a request', async () => {
    const head = request('POST', '/', `Host: ${stage.host('docs')}`, 'Connection: close', 'Transfer-Encoding: chunked')
    const trailers = [
      'X-Forwarded-User: spoofed',
      'x_gatewright_assertion: spoofed',
      'Cookie: a=spoofed',
      'X-Checksum: 1',
    ]
    const bytes = `${head}1\r\nx\r\n0\r\n${trailers.join('\r\n')}\r\n\r\n`
    expect(await exchange(stage.port, bytes)).toMatch(/^HTTP\/1\.1 200 /)
    expect(stage.upstream.arrivals[0]?.message.trailers).toEqual([['X-Checksum', '1']])
  })
})

describe('7, 8: X-Forwarded-Prefix and X-Forwarded-Proto', () => {
  it.each([
    'X-Forwarded-Prefix: /admin',
    'X_Forwarded_Prefix: //evil.example',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Proto: https, http',
    'X-Forwarded-Scheme: https',
    'X-Url-Scheme: https',
    'Front-End-Https: on',
    'X-Forwarded-Ssl: on',
    'Forwarded: proto=https;host=admin.gw.localhost',
  ])('decide nothing, and are not passed on: %s', async (line) => {
    const signedIn = stage.get('hello', '/page', ...admission('hello'), line)
    expect(await exchange(stage.port, signedIn)).toMatch(/^HTTP\/1\.1 200 /)
    expect(stage.upstream.arrivals).toHaveLength(1)
    const [arrival] = stage.upstream.arrivals
    expect(arrival?.target).toBe('/page')
    expect(arrival?.message.raw).not.toContain(line)
    if (arrival) expectOnlyOurs(arrival, 'hello')
    const stranger = await exchange(
      stage.port,
      stage.get('hello', '/page', 'Sec-Fetch-Mode: navigate', 'Accept: text/html', line),
    )
    expect(/^Location: (http:\/\/login\.gw\.localhost:\d+)\//im.exec(stranger)?.[1]).toBe(stage.gateway.login)
    expect(stranger).not.toMatch(/https:|evil|admin/)
    expect(stage.upstream.arrivals).toHaveLength(1)
  })
})
