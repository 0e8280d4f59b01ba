import { describe, expect, it } from 'vitest'

import { exchange, get, openWire, startGateway, startUpstream, statusOf } from '../../runtime/proxy/stage.ts'

const HOST = 'Host: hello.gw.localhost'
const raw = (...lines: string[]): string => [...lines, '', ''].join('\r\n')

/** Case by case: the bytes, and what the refusal is called where it is ours and not already the parser's. */
const DENIED: Record<string, readonly (readonly [bytes: string, code?: string])[]> = {
  'conflicting or odd framing (44)': [
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 5', 'Content-Length: 6') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 5, 5') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: +5') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length : 5') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n', 'transfer_encoding_unsupported'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: identity') + 'x'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: xchunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: \x0bchunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.0', HOST, 'Transfer-Encoding: chunked') + '0\r\n\r\n', 'framing_conflict'],
    [raw('GET / HTTP/1.1', HOST, 'X-A: a', ' folded')],
    [`GET / HTTP/1.1\n${HOST}\n\n`],
    [raw('GET / HTTP/1.1', HOST, 'X-A: a\0b')],
  ],
  'targets that are no path (13, 44)': [
    [raw('GET http://hello.gw.localhost/ HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('GET http://169.254.169.254/latest HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('OPTIONS * HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('GET hello HTTP/1.1', HOST)],
    [raw('GET ?x HTTP/1.1', HOST)],
    [raw('GET /a b HTTP/1.1', HOST)],
    [raw('GET /\xff HTTP/1.1', HOST)],
    [raw('GET /\x01 HTTP/1.1', HOST)],
  ],
  'methods and versions': [
    [raw('TRACE / HTTP/1.1', HOST), 'method_not_allowed'],
    [raw('PURGE / HTTP/1.1', HOST), 'method_not_allowed'],
    [raw('get / HTTP/1.1', HOST)],
    [raw('GET / HTTP/0.9', HOST)],
    [raw('GET / HTTP/2.0', HOST)],
    [raw('GET /', HOST)],
  ],
  'a Host that is not exactly one valid host (14)': [
    [raw('GET / HTTP/1.1')],
    [raw('GET / HTTP/1.0'), 'host_missing'],
    [raw('GET / HTTP/1.1', HOST, HOST), 'host_duplicate'],
    [raw('GET / HTTP/1.1', HOST, 'HOST: evil.com'), 'host_duplicate'],
    ...[
      '',
      'a b',
      'hello.gw.localhost@evil.com',
      'hello.gw.localhost/x',
      'hello.gw.localhost?x',
      'hello.gw.localhost#x',
      'hello.gw.localhost\\x',
      'hello..gw.localhost',
      'hello.gw.localhost..',
      '.hello',
      'hello.gw.localhost:',
      'h:0',
      'h:65536',
      'h:80:80',
      'h:080',
      'h:+80',
      'hello%2egw.localhost',
      'hé',
      '[::1',
      '[::zz]',
      'a,b',
      "h'",
      '*',
    ].map((host) => [raw('GET / HTTP/1.1', `Host: ${host}`), 'host_invalid'] as const),
  ],
  'fields that count once and come twice': [
    [raw('GET / HTTP/1.1', HOST, 'Authorization: Bearer a', 'authorization: Bearer b'), 'header_duplicate'],
    [raw('GET / HTTP/1.1', HOST, `Origin: http://hello.gw.localhost`, 'Origin: http://evil.com'), 'header_duplicate'],
    [raw('GET / HTTP/1.1', HOST, ...Array.from({ length: 201 }, (_, index) => `a${index}: 1`)), 'headers_too_many'],
    [raw('GET / HTTP/1.1', HOST, ...Array.from({ length: 1_100 }, () => 'a: 1'))],
  ],
  'huge heads (25)': [
    [raw('GET / HTTP/1.1', HOST, `Cookie: ${'a=b; '.repeat(4_000)}`)],
    [raw(`GET /${'a'.repeat(20_000)} HTTP/1.1`, HOST)],
  ],
  'handshakes that are none (14)': [
    [
      raw('GET / HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 4') + 'body',
      'upgrade_with_body',
    ],
    [raw('GET / HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket'), 'websocket_key_invalid'],
    [
      raw('GET / HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: short'),
      'websocket_key_invalid',
    ],
  ],
}

describe('what is denied before anything else', () => {
  for (const [title, cases] of Object.entries(DENIED)) {
    it(`denies ${title}`, async () => {
      const upstream = await startUpstream()
      const { port } = await startGateway(upstream.origin)
      for (const [bytes, code] of cases) {
        const answer = await exchange(port, bytes)
        const denied = /^HTTP\/1\.1 4\d\d .*\r\n[^]*Connection: close\r\n/i.test(answer)
        const named = code === undefined || answer.includes(` ${code}: `)
        expect({ bytes, answer, denied, named }).toMatchObject({ denied: true, named: true })
        expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1)
      }
      expect(upstream.requests).toHaveLength(0)
    })
  }

  it('denies CONNECT by ending the connection (44)', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin)
    expect(await exchange(port, raw('CONNECT hello.gw.localhost:80 HTTP/1.1', HOST))).not.toContain('200')
    expect(upstream.requests).toHaveLength(0)
  })

  it('takes nothing that follows a refused request for a request', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin)
    const smuggled = raw('GET /smuggled HTTP/1.1', HOST)
    const answer = await exchange(port, raw('OPTIONS * HTTP/1.1', HOST) + smuggled)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    const conflict = raw('POST / HTTP/1.1', HOST, 'Content-Length: 4', 'Transfer-Encoding: chunked')
    expect((await exchange(port, `${conflict}0\r\n\r\n${smuggled}`)).match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(upstream.requests).toHaveLength(0)
  })

  it('ends a connection whose head does not come (25)', async () => {
    const upstream = await startUpstream()
    const options = { headersTimeout: 20, connectionsCheckingInterval: 10 }
    const { port } = await startGateway(upstream.origin, { options })
    expect(await exchange(port, `GET / HTTP/1.1\r\n${HOST}\r\nX-Slow: `)).toMatch(/^HTTP\/1\.1 408 /)
    expect(upstream.requests).toHaveLength(0)
  })

  it('finds the route for a Host in other case, with the root dot (14)', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin)
    for (const host of ['HELLO.gw.LocalHost', 'hello.gw.localhost.']) {
      expect(await exchange(port, raw('GET / HTTP/1.1', `Host: ${host}`, 'Connection: close'))).toMatch(/ 200 /)
    }
    expect(await exchange(port, raw('GET / HTTP/1.1', 'Host: evil.com', 'Connection: close'))).toMatch(/ 404 /)
    expect(upstream.requests.map((req) => req.headers.host)).toEqual(
      [upstream.origin, upstream.origin].map((origin) => new URL(origin).host),
    )
  })
})

describe('one canonical path', () => {
  const DENIED_PATHS = [
    '/public/../admin',
    '/public/..',
    '/..',
    '/./admin',
    '/public/.',
    '/public/%2e%2e/admin',
    '/public/%2E./admin',
    '/public/.%2e/admin',
    '/public/..;/admin',
    '/public/..;x=1/admin',
    '/public/..%3Bx/admin',
    '/public/.;/admin',
    '/public/%252e%252e/admin',
    '/public%2f..%2fadmin',
    '/public%2Fadmin',
    '/public%252fadmin',
    '/public/..%20/admin',
    '/public\\admin',
    '/public/..\\admin',
    '/public%5cadmin',
    '/public%5C..%5Cadmin',
    '/public%255cadmin',
    '//admin',
    '/public//admin',
    '//evil.com/',
    '/public#/../admin',
    '/public#',
    '/a%00',
    '/a%0d%0aX: 1',
    '/a%7f',
    '/a%',
    '/a%2',
    '/a%zz',
    '/a%u002e',
    '/%c0%ae%c0%ae/admin',
    '/%e0%80%af',
    '/%ff',
    '/a%0',
    '/%%32%65',
  ]

  it('denies what has no canonical path (11, 12, 13)', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin)
    for (const path of DENIED_PATHS) {
      expect({ path, status: statusOf(await exchange(port, get(path))) }).toEqual({ path, status: 400 })
    }
    expect(upstream.requests).toHaveLength(0)
  })

  it('passes on the path that rules were matched against, and the query untouched (10, 11, 12)', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin)
    const targets = [
      ['/%61dmin/%7Euser', '/admin/~user'],
      ['/caf%c3%a9', '/caf%C3%A9'],
      ['/wiki/C%23?x=/../%2e%2e&y=%zz', '/wiki/C%23?x=/../%2e%2e&y=%zz'],
      ['/a;v=1/b?', '/a;v=1/b?'],
      ['/.well-known/jwks.json', '/.well-known/jwks.json'],
      ['/a...b/...', '/a...b/...'],
      ['/100%25', '/100%25'],
    ]
    for (const [target = ''] of targets) expect(statusOf(await exchange(port, get(target)))).toBe(200)
    expect(upstream.requests.map((req) => req.url)).toEqual(targets.map(([, forwarded]) => forwarded))
  })

  it('passes encoded and doubled slashes on as they are where the route allows them, dots never', async () => {
    const upstream = await startUpstream()
    const { port } = await startGateway(upstream.origin, { allowEncodedSlash: true })
    for (const target of ['/@scope%2fname', '/a//b', '/a%252Fb'])
      expect(await exchange(port, get(target))).toMatch(/ 200 /)
    for (const target of ['/a%2f..%2fb', '/a/..%2fb', '/a%2f%2e%2e', '/a%252f..', '//a', '/a//../b']) {
      expect({ target, status: statusOf(await exchange(port, get(target))) }).toEqual({ target, status: 400 })
    }
    expect(upstream.requests.map((req) => req.url)).toEqual(['/@scope%2Fname', '/a//b', '/a%252Fb'])
  })
})

it('does not take up h2c or any other upgrade (14)', async () => {
  const upstream = await startUpstream()
  const { port } = await startGateway(upstream.origin)
  const wire = openWire(
    port,
    get('/', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'),
  )
  expect(await wire.ended).toMatch(/^HTTP\/1\.1 200 /)
  expect(await exchange(port, get('/', 'Connection: Upgrade', 'Upgrade: websocket, h2c'))).toMatch(/ 200 /)
  for (const req of upstream.requests) {
    expect(req.headers.upgrade).toBeUndefined()
    expect(req.headers['http2-settings']).toBeUndefined()
  }
})
