import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { type Stage, startStage } from '../../support/stage.ts'
import { exchange, readAnswers } from '../../support/wire/index.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())
beforeEach(() => void stage.upstream.arrivals.splice(0))

/** Head lines where `HOST` stands for the public route's. */
const raw = (...lines: string[]): string => [...lines, '', ''].join('\r\n')
const HOST = 'Host: HOST'
const placed = (bytes: string): string => bytes.replaceAll('HOST', stage.host('docs'))

/** Case by case: the bytes, and what the refusal is called where it is ours and not already the parser's. */
const DENIED: Record<string, readonly (readonly [bytes: string, code?: string])[]> = {
  'conflicting or odd framing': [
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: chunked', 'Content-Length: 5') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 5', 'Content-Length: 6') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 5, 5') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: +5') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: -1') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 0x5') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 5.0') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length: 99999999999999999999') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length : 5') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Content-Length:') + 'hello'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n', 'transfer_encoding_unsupported'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: chunked, gzip') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: identity') + 'x'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: xchunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: "chunked"') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: chunked;q=1') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding: \x0bchunked') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.1', HOST, 'Transfer-Encoding:') + '0\r\n\r\n'],
    [raw('POST / HTTP/1.0', HOST, 'Transfer-Encoding: chunked') + '0\r\n\r\n', 'framing_conflict'],
  ],
  'lines that readers cut differently': [
    [raw('GET / HTTP/1.1', HOST, 'X-A: a', ' folded')],
    [raw('GET / HTTP/1.1', HOST, 'X-A: a', '\tfolded')],
    [raw('GET / HTTP/1.1', ' X-A: a', HOST)],
    [raw('GET / HTTP/1.1', HOST, 'X-A: a\0b')],
    [raw('GET / HTTP/1.1', HOST, 'X-A: a\nX-B: b')],
    [raw('GET / HTTP/1.1', HOST, 'X-A: a\rX-B: b')],
    [raw('GET / HTTP/1.1', HOST, 'X A: a')],
    [raw('GET / HTTP/1.1', HOST, 'X-A')],
    [raw('GET / HTTP/1.1', HOST, ': a')],
    [raw('GET / HTTP/1.1', HOST, 'X-A\0: a')],
    [raw('GET / HTTP/1.1', HOST, 'X(A): a')],
    [`GET / HTTP/1.1\n${HOST}\n\n`],
    [`GET / HTTP/1.1\r${HOST}\r\r`],
  ],
  'targets that are no path': [
    [raw('GET http://HOST/ HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('GET HTTP://HOST/ HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('GET http://169.254.169.254/latest HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('GET http://evil.example@HOST/ HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('OPTIONS * HTTP/1.1', HOST), 'target_not_origin_form'],
    [raw('GET hello HTTP/1.1', HOST)],
    [raw('GET HOST:80 HTTP/1.1', HOST)],
    [raw('GET /a b HTTP/1.1', HOST)],
  ],
  'methods and versions': [
    [raw('TRACE / HTTP/1.1', HOST), 'method_not_allowed'],
    [raw('PURGE / HTTP/1.1', HOST), 'method_not_allowed'],
    [raw('get / HTTP/1.1', HOST)],
    [raw('GETT / HTTP/1.1', HOST)],
    [raw('GET / HTTP/0.9', HOST)],
    [raw('GET / HTTP/2.0', HOST)],
    [raw('GET / HTTP/1.2', HOST)],
    [raw('GET / http/1.1', HOST)],
    [raw('GET /', HOST)],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ],
  'a Host that is not exactly one valid host': [
    [raw('GET / HTTP/1.1')],
    [raw('GET / HTTP/1.0'), 'host_missing'],
    [raw('GET / HTTP/1.1', HOST, HOST), 'host_duplicate'],
    [raw('GET / HTTP/1.1', HOST, 'HOST: evil.example'.replace('HOST', 'hOST')), 'host_duplicate'],
    ...[
      '',
      'a b',
      'HOST@evil.example',
      'HOST/x',
      'HOST?x',
      'HOST#x',
      'HOST\\x',
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
    [raw('GET / HTTP/1.1', HOST, `Origin: http://HOST`, 'Origin: http://evil.example'), 'header_duplicate'],
  ],
  'heads without end': [
    [raw('GET / HTTP/1.1', HOST, ...Array.from({ length: 201 }, (_, index) => `a${index}: 1`)), 'headers_too_many'],
    [raw('GET / HTTP/1.1', HOST, ...Array.from({ length: 1_100 }, () => 'a: 1'))],
    [raw('GET / HTTP/1.1', HOST, `Cookie: ${'a=b; '.repeat(4_000)}`)],
    [raw(`GET /${'a'.repeat(20_000)} HTTP/1.1`, HOST)],
  ],
  'handshakes that are none': [
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

const SMUGGLED = raw('GET /smuggled HTTP/1.1', HOST)

describe('44: denied, and its connection closed', () => {
  for (const [title, cases] of Object.entries(DENIED)) {
    it.each(cases)(`${title}: %j`, async (bytes, code) => {
      // What follows on the connection cannot be trusted to be a request.
      const answer = await exchange(stage.port, placed(bytes + SMUGGLED))
      const { messages, stopped } = readAnswers(answer, [], true)
      expect({ answer, stopped, answers: messages.length }).toEqual({ answer, stopped: undefined, answers: 1 })
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d .*\r\n[^]*Connection: close\r\n/i)
      expect(answer).toContain(code === undefined ? '' : ` ${code}: `)
      expect(stage.upstream.arrivals).toHaveLength(0)
    })
  }

  it.each(['HOST:443', 'HOST', '169.254.169.254:80', 'HOST:22'])('CONNECT %s', async (target) => {
    const answer = await exchange(stage.port, placed(raw(`CONNECT ${target} HTTP/1.1`, HOST) + SMUGGLED))
    expect(answer).not.toMatch(/ 2\d\d /)
    expect(answer.match(/HTTP\/1\.1 /g)?.length ?? 0).toBeLessThanOrEqual(1)
    expect(stage.upstream.arrivals).toHaveLength(0)
  })
})

it('44: what follows on such a connection is looked at by nobody', () => {
  expect(stage.gateway.log()).not.toContain('/smuggled')
})

describe('44: content in chunks', () => {
  const HEAD = raw('POST /upload HTTP/1.1', HOST, 'Transfer-Encoding: chunked', 'Connection: close')

  it.each([
    ['a size that is none', 'x\r\nhello\r\n0\r\n\r\n'],
    ['a size with a sign', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a negative size', '-5\r\nhello\r\n0\r\n\r\n'],
    ['a size with a prefix', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a size that overflows', 'ffffffffffffffffff\r\nhello\r\n0\r\n\r\n'],
    ['a chunk that is longer than it says', '3\r\nhello\r\n0\r\n\r\n'],
    ['a size line that ends in LF', '5\nhello\r\n0\r\n\r\n'],
    ['data that ends in LF', '5\r\nhello\n0\r\n\r\n'],
    ['an empty size line', '\r\n0\r\n\r\n'],
    ['a trailer that is folded', '0\r\nX-A: a\r\n b\r\n\r\n'],
    ['a trailer without a colon', '0\r\nX-A\r\n\r\n'],
  ])('that is malformed reaches nobody as a whole request: %s', async (_, content) => {
    const answer = await exchange(stage.port, placed(HEAD + content + SMUGGLED))
    expect(answer).not.toMatch(/^HTTP\/1\.1 2/m)
    expect(answer.match(/HTTP\/1\.1 /g)?.length ?? 0).toBeLessThanOrEqual(1)
    expect(stage.upstream.arrivals.filter(({ message, target }) => message.complete || target !== '/upload')).toEqual(
      [],
    )
    expect(stage.upstream.malformed).toEqual([])
  })

  it.each([
    ['a chunk extension', '5;a="b\\"c"\r\nhello\r\n0;last\r\n\r\n'],
    ['zeros in front', '0005\r\nhello\r\n000\r\n\r\n'],
  ])('is written anew, without %s', async (_, content) => {
    expect(await exchange(stage.port, placed(HEAD + content))).toMatch(/^HTTP\/1\.1 200 /)
    expect(stage.upstream.arrivals[0]?.message).toMatchObject({ body: 'hello', complete: true })
    expect(stage.upstream.arrivals[0]?.message.raw).not.toMatch(/;|\r\n00/)
  })
})

describe('44: an upgrade that is no WebSocket', () => {
  it.each([
    [['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']],
    [['Connection: Upgrade', 'Upgrade: websocket, h2c']],
    [['Connection: Upgrade', 'Upgrade: TLS/1.0']],
  ])('is not taken up: %j', async (lines) => {
    const answer = await exchange(stage.port, placed(raw('GET / HTTP/1.1', HOST, ...lines, 'Connection: close')))
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(stage.upstream.arrivals[0]?.message.raw).not.toMatch(/upgrade|http2-settings/i)
  })
})
