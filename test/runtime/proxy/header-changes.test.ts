import { describe, expect, it } from 'vitest'

import { createRouteForward, type HeaderChanges, type RouteForwardOptions } from '../../../runtime/proxy/index.ts'
import { endpointTo, exchange, get, singleGroup, startGateway, startUpstream } from './stage.ts'

const changes = (set: Record<string, string>, ...remove: string[]): HeaderChanges => ({ set, remove })

const OURS = '__Host-gatewright'

function prepare(options: Partial<RouteForwardOptions>): unknown {
  return createRouteForward({
    upstreams: singleGroup(endpointTo('http://app.invalid'), { requests: 1, tunnels: 1 }),
    publicOrigin: 'http://hello.gw.localhost',
    preserveHost: false,
    timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1 },
    limits: {},
    retries: 0,
    identityHeaders: ['X-Team'],
    ownCookies: (name) => name === OURS,
    privateResponse: true,
    ...options,
  })
}

describe('what an operator changes', () => {
  it('is set and removed on the way to the app, aliases of the client’s included', async () => {
    const upstream = await startUpstream()
    const requestHeaders = changes({ 'X-Env': 'production', Authorization: 'Basic YTpi' }, 'X-Debug', 'Cookie')
    const { port } = await startGateway(upstream.origin, { route: { requestHeaders } })
    await exchange(
      port,
      get('/', 'x_env: evil', 'X-ENV: evil', 'x.debug: 1', 'Authorization: Bearer x', 'Cookie: a=1', 'X-Own: 1'),
    )
    const { headers, rawHeaders } = upstream.requests[0] ?? { headers: {}, rawHeaders: [] }
    expect(headers).toMatchObject({ 'x-env': 'production', authorization: 'Basic YTpi', 'x-own': '1' })
    expect(rawHeaders.join('\n')).not.toMatch(/evil|debug|cookie|Bearer/i)
  })

  it('yields to what the gateway says of who is there', async () => {
    const upstream = await startUpstream()
    const requestHeaders = changes({ Authorization: 'Basic YTpi' })
    const identityHeaders = [['X-Gatewright-Assertion', 'signed']] as const
    const { port } = await startGateway(upstream.origin, { route: { requestHeaders }, forward: { identityHeaders } })
    await exchange(port, get('/'))
    expect(upstream.requests[0]?.headers['x-gatewright-assertion']).toBe('signed')
  })

  it('is set and removed on the way to the client, once', async () => {
    const upstream = await startUpstream((_req, res) => {
      res
        .writeHead(200, ['X-Powered-By', 'app', 'X-Frame-Options', 'ALLOW', 'x-frame-options', 'ALLOW', 'X-Own', '1'])
        .end()
    })
    const responseHeaders = changes({ 'X-Frame-Options': 'DENY' }, 'X-Powered-By')
    const { port } = await startGateway(upstream.origin, { route: { responseHeaders } })
    const answer = await exchange(port, get('/'))
    expect(answer.match(/^x-.*$/gim)).toEqual(['X-Own: 1', 'X-Frame-Options: DENY'])
  })

  it('cannot make a protected answer public, nor take its privacy away', async () => {
    const upstream = await startUpstream((_req, res) => void res.writeHead(200, { 'Cache-Control': 'no-store' }).end())
    const cases: [HeaderChanges, string][] = [
      [changes({ 'cache-control': 'public, max-age=60' }), 'cache-control: private, max-age=60'],
      [changes({}, 'Cache-Control'), 'Cache-Control: private'],
    ]
    for (const [responseHeaders, expected] of cases) {
      const { port } = await startGateway(upstream.origin, { route: { responseHeaders, privateResponse: true } })
      expect((await exchange(port, get('/'))).match(/^cache-control.*$/gim)).toEqual([expected])
    }
    const open = await startGateway(upstream.origin, {
      route: { responseHeaders: changes({ 'cache-control': 'public' }), privateResponse: true },
      forward: { privateResponse: false },
    })
    expect(await exchange(open.port, get('/'))).toContain('cache-control: public\r\n')
  })

  it('is refused when the route is made, where it is the gateway’s', () => {
    const requests = [
      'Host',
      'content-length',
      'Transfer-Encoding',
      'Connection',
      'TE',
      'Upgrade',
      'Expect',
      'X-Forwarded-For',
      'x_forwarded_host',
      'X-Request-Id',
      'X-Gatewright-Assertion',
      'x.gatewright.anything',
      'X-Pomerium-Jwt-Assertion',
      'x_team',
      ':path',
    ]
    for (const name of requests) {
      for (const requestHeaders of [changes({ [name]: '1' }), changes({}, name)]) {
        expect(() => prepare({ requestHeaders })).toThrow(`requestHeaders cannot change ${name}`)
      }
    }
    const responses = [
      'Content-Length',
      'transfer-encoding',
      'Connection',
      'Trailer',
      'Alt-Svc',
      'CDN-Cache-Control',
      ':status',
    ]
    for (const name of responses) {
      for (const responseHeaders of [changes({ [name]: '1' }), changes({}, name)]) {
        expect(() => prepare({ responseHeaders })).toThrow(`responseHeaders cannot change ${name}`)
      }
    }
    expect(() => prepare({ responseHeaders: changes({ 'Set-Cookie': `${OURS}=evil` }) })).toThrow('Set-Cookie')
    expect(() => prepare({ requestHeaders: changes({ 'X-Forwarded-Prefix': '/app' }) })).not.toThrow()
  })

  it('is the Host that the app sees, where the route rewrites it', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin, { route: { rewriteHost: 'app.internal', preserveHost: true } })
    await exchange(port, get('/'))
    expect(upstream.requests[0]?.headers.host).toBe('app.internal')
    expect(upstream.requests[0]?.headers['x-forwarded-host']).toBe('hello.gw.localhost')
  })
})
