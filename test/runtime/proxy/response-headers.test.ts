import { describe, expect, it } from 'vitest'

import { privateCacheControl } from '../../../runtime/proxy/cache-control.ts'
import { exchange, get, PUBLIC_ORIGIN, startGateway, startUpstream } from './stage.ts'

describe('privateCacheControl', () => {
  it('keeps shared caches out, whatever was said', () => {
    const cases: [string[], string][] = [
      [[], 'private'],
      [['public, max-age=60'], 'private, max-age=60'],
      [['max-age=60'], 'private, max-age=60'],
      [['PUBLIC', 's-maxage=60, Max-Age=1'], 'private, Max-Age=1'],
      [['S-MaxAge = "60" , immutable'], 'private, immutable'],
      [['private="set-cookie", max-age=60'], 'private, max-age=60'],
      [['private'], 'private'],
      [['no-store, public'], 'no-store'],
      [['no-cache'], 'private, no-cache'],
      [['x="a, public, b", public'], 'private, x="a, public, b"'],
      [['x="a, public'], 'private, x="a, public'],
      [[',,,'], 'private'],
    ]
    for (const [values, expected] of cases) expect([values, privateCacheControl(values)]).toEqual([values, expected])
  })
})

describe('response headers', () => {
  it('makes a protected answer private and keeps it from targeted caches', async () => {
    const upstream = await startUpstream((_req, res) => {
      res
        .writeHead(200, ['Cache-Control', 'public, max-age=60', 'CDN-Cache-Control', 'max-age=60', 'ETag', '"a"'])
        .end()
    })
    const open = await startGateway(upstream.origin)
    expect(await exchange(open.port, get('/'))).toContain('Cache-Control: public, max-age=60\r\nCDN-Cache-Control')
    const closed = await startGateway(upstream.origin, { route: { privateResponse: true } })
    const answer = await exchange(closed.port, get('/'))
    expect(answer.match(/^.*cache-control.*$/gim)).toEqual(['Cache-Control: private, max-age=60'])
    expect(answer).toContain('ETag: "a"')
  })

  it('drops hop-by-hop fields, those that Connection names and Alt-Svc; keeps order, spelling and duplicates', async () => {
    const upstream = await startUpstream((_req, res) => {
      res.writeHead(200, [
        'Connection',
        'close, X-Hop',
        'X-Hop',
        '1',
        'Keep-Alive',
        'timeout=1',
        'Alt-Svc',
        'h3=":443"',
        'Upgrade',
        'h2c',
        'X-b',
        '1',
        'x-A',
        '2',
        'X-b',
        '3',
        'Proxy-Authenticate',
        'Basic',
        'Content-Length',
        '5',
      ])
      res.end('hello')
    })
    const { port } = await startGateway(upstream.origin, { forward: { responseHeaders: [['X-B', 'ours']] } })
    const plain = await startGateway(upstream.origin)
    const answer = await exchange(plain.port, get('/'))
    expect(answer).not.toMatch(/x-hop|alt-svc|h2c|timeout=1\r|proxy-authenticate/i)
    expect(answer.match(/^x-.*$/gim)).toEqual(['X-b: 1', 'x-A: 2', 'X-b: 3'])
    expect((await exchange(port, get('/'))).match(/^x-b.*$/gim)).toEqual(['X-B: ours'])
  })

  it('keeps the bytes of a Content-Disposition that is not ASCII', async () => {
    const name = Buffer.from('attachment; filename="日本é.txt"').toString('latin1')
    const upstream = await startUpstream((_req, res) => {
      res.writeHead(200, ['Content-Disposition', name, 'Content-Length', '0']).end()
    })
    const { port } = await startGateway(upstream.origin)
    expect(await exchange(port, get('/'))).toContain(`Content-Disposition: ${name}\r\n`)
  })

  it('turns addresses of the upstream into public ones, and no others', async () => {
    const upstream = await startUpstream((req, res) => {
      res.writeHead(302, { Location: String(req.headers['x-to']) }).end()
    })
    const { port } = await startGateway(upstream.origin)
    const { origin } = upstream
    const cases = [
      [`${origin}/a?b#c`, `${PUBLIC_ORIGIN}/a?b#c`],
      [origin.toUpperCase(), PUBLIC_ORIGIN],
      [`${origin}0/a`, `${origin}0/a`],
      [`${origin}.evil.com/`, `${origin}.evil.com/`],
      ['/relative', '/relative'],
      ['https://accounts.acme.com/', 'https://accounts.acme.com/'],
    ]
    for (const [sent, expected] of cases) {
      expect(await exchange(port, get('/', `X-To: ${sent}`))).toContain(`Location: ${expected}\r\n`)
    }
  })

  it('sends the public host where the route preserves it', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin, { route: { preserveHost: true } })
    await exchange(port, get('/'))
    expect(upstream.requests[0]?.headers.host).toBe('hello.gw.localhost')
  })
})
