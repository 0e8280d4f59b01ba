import * as fc from 'fast-check'

import { aliasesOf, SPOOFED } from '../../support/wire/index.ts'

const METHODS = ['GET', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'QUERY', 'PROPFIND']
const ODD_METHODS = ['TRACE', 'CONNECT', 'get', 'G', '']
const VERSIONS = ['HTTP/1.0', 'HTTP/2.0', 'HTTP/1.10', 'http/1.1', '']
const HOSTS = ['DOCS', 'DOCS', 'DOCS', 'evil.example', 'DOCS.', 'DOCS,HELLO', 'x@DOCS', '']
const SEGMENTS = [
  'open',
  'open',
  'private',
  '..',
  '.',
  '',
  '%2e%2e',
  '%6fpen',
  '..;',
  'a%2fb',
  'a\\b',
  '%5c',
  '%00',
  '%',
  '%c3%a9',
  '%C0%AE',
  'a b',
  'x',
  '#',
  '\xe9',
]
const PLAIN = [
  'Accept',
  'X-Custom',
  'Content-Type',
  'User-Agent',
  'If-None-Match',
  'Range',
  'Via',
  'Date',
  'Origin',
  'Authorization',
]
const VALUES = ['"q"', 'a\tb', '\xe9\xff', 'a\0b', 'a\rb', 'close', 'x'.repeat(300)]
const FRAMING = [
  'Content-Length: 5',
  'Content-Length: 0',
  'Content-Length: 5, 5',
  'Content-Length: 1e1',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding:\x0bchunked',
  'Expect: 100-continue',
]
const CONNECTION = [
  'close',
  'keep-alive',
  'Upgrade',
  'X-Custom',
  'cookie, host',
  'x-forwarded-for',
  'x-gatewright-assertion, te',
  ', ,close',
]
const BREAKS = ['\r\n', '\n', '\r', '\r\n ', '\r\n\t', '\0']

/** Rarely: each of these alone has the whole request refused. */
const seldom = <Item>(usual: Item, others: readonly Item[]): fc.Arbitrary<Item> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

const pick = <Item>(items: readonly Item[]): fc.Arbitrary<Item> => fc.constantFrom(...items)

const path = fc
  .array(fc.oneof(pick(['open', 'x', '%6fpen', 'private']), seldom('open', SEGMENTS)), { maxLength: 4 })
  .map((segments) => `/${segments.join('/')}`)
const target = fc.oneof(
  { weight: 6, arbitrary: fc.constant('/open/page?TAG') },
  { weight: 4, arbitrary: path.map((text) => `${text}?TAG`) },
  { weight: 1, arbitrary: path.map((text) => `http://HELLO${text}?TAG`) },
  { weight: 1, arbitrary: path.map((text) => `${text}#?TAG`) },
)

const spoof = pick(SPOOFED).chain((name) => pick(aliasesOf(name)))
const field = fc.oneof(
  { weight: 40, arbitrary: fc.tuple(spoof, seldom('spoofed', VALUES)).map(([name, value]) => `${name}: ${value}`) },
  { weight: 30, arbitrary: fc.tuple(pick(PLAIN), seldom('1', VALUES)).map(([name, value]) => `${name}: ${value}`) },
  { weight: 15, arbitrary: pick(CONNECTION).map((value) => `Connection: ${value}`) },
  { weight: 15, arbitrary: pick(['TE: trailers, deflate', 'Trailer: X-Checksum', 'Expect: 100-continue']) },
  { weight: 2, arbitrary: pick(FRAMING) },
  { weight: 1, arbitrary: pick(HOSTS).map((host) => `Host: ${host}`) },
  { weight: 1, arbitrary: pick([' folded', 'no colon', ': empty', 'X Space: 1', 'X-Trail : 1', 'X\xe9: 1']) },
)

const ODD_CHUNKS = ['5;x="y"\r\nhello\r\n', '05\r\nhello\r\n', '4\r\nhello\r\n', '6\r\nhello\r\n', '5\nhello\n'].concat(
  ['-5\r\nhello\r\n', '0x5\r\nhello\r\n', '5 \r\nhello\r\n', '\r\n', 'g\r\nhello\r\n', '5\rhello\r\n'],
)
const ENDS = [
  '0\r\nX-Checksum: 1\r\n\r\n',
  '0\r\nX-Forwarded-User: spoofed\r\nCookie: SESSION\r\n\r\n',
  '0\r\n',
  '',
  '00;x\r\n\r\n',
]
const chunks = fc
  .tuple(
    fc.array(seldom('5\r\nhello\r\n', ODD_CHUNKS), { maxLength: 3 }),
    fc.oneof(fc.constant('0\r\n\r\n'), pick(ENDS)),
  )
  .map(([some, last]) => some.join('') + last)
/** A field that says how the content ends, and a content that mostly ends so. */
const framed = fc.oneof(
  { weight: 4, arbitrary: fc.constant<[string[], string]>([[], '']) },
  { weight: 3, arbitrary: fc.constant<[string[], string]>([['Content-Length: 5'], 'hello']) },
  { weight: 5, arbitrary: chunks.map((content): [string[], string] => [['Transfer-Encoding: chunked'], content]) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(pick(FRAMING), fc.oneof(chunks, pick(['', 'hello'])))
      .map(([name, content]): [string[], string] => [[name], content]),
  },
)
const rest = pick([
  '',
  '',
  'GET /open/smuggled?TAG HTTP/1.1\r\nHost: DOCS\r\n\r\n',
  'GET /open/smuggled?TAG HTTP/1.1\r\nHost: HELLO\r\nCookie: SESSION\r\n\r\n',
])

/** Most are nearly right: what is wrong everywhere is refused at the first look. */
const written = fc
  .record({
    method: fc.oneof({ weight: 9, arbitrary: pick(METHODS) }, { weight: 1, arbitrary: pick(ODD_METHODS) }),
    target,
    version: seldom('HTTP/1.1', VERSIONS),
    host: seldom('HELLO', HOSTS),
    fields: fc.array(field, { maxLength: 7 }),
    lineBreaks: fc.array(seldom('\r\n', BREAKS), { maxLength: 2 }),
    framed,
    rest,
  })
  .map(({ method, target: to, version, host, fields, lineBreaks, framed: [framing, body], rest: after }) => {
    const lines = [`${method} ${to} ${version}`, `Host: ${host}`, 'Cookie: a=1; SESSION; b=2', ...framing, ...fields]
    return lines.map((line, index) => line + (lineBreaks[index] ?? '\r\n')).join('') + '\r\n' + body + after
  })

/** Bytes that are put in, taken out or changed. */
const mutated = fc
  .tuple(
    written,
    fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 0, max: 255 }), pick(['insert', 'drop', 'set'] as const)), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, changes]) =>
    changes.reduce((changed, [position, byte, kind]) => {
      const at = position % (changed.length + 1)
      const put = kind === 'drop' ? '' : String.fromCharCode(byte)
      return changed.slice(0, at) + put + changed.slice(kind === 'insert' ? at : at + 1)
    }, text),
  )

/** What a client might send on one connection; see `CORPUS` for what stands in for hosts, session and tag. */
export const hostileRequest = fc.oneof({ weight: 5, arbitrary: written }, { weight: 2, arbitrary: mutated })
