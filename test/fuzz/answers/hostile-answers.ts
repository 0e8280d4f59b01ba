import * as fc from 'fast-check'

/** What an upstream writes on one request, and what it does with its connection then. */
export interface HostileAnswer {
  /** `EVIL` marks what is no part of the answer. */
  bytes: string
  /** `push` writes another answer when the first has long been read, as if it had been asked. */
  afterwards: 'keep' | 'close' | 'reset' | 'push'
  method: 'GET' | 'HEAD'
}

const pick = <Item>(items: readonly Item[]): fc.Arbitrary<Item> => fc.constantFrom(...items)
const seldom = <Item>(usual: Item, others: readonly Item[]): fc.Arbitrary<Item> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

const EVIL = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL'

const STATUS_LINES = [
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1 206 Partial Content',
  'HTTP/1.1 500 Oops',
  'HTTP/1.1 999 What',
  'HTTP/1.1 099 Low',
  'HTTP/1.1 1000 High',
  'HTTP/1.1 20 Short',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 103 Early Hints',
  'HTTP/2.0 200 OK',
  'HTTP/1.2 200 OK',
  'http/1.1 200 OK',
  'ICY 200 OK',
  'HTTP/1.1  200 OK',
  ' HTTP/1.1 200 OK',
  'HTTP/1.1 200 O\0K',
  'HTTP/1.1 200 O\rK',
  'HTTP/1.1 +200 OK',
  '',
]
const FIELDS = [
  'X-A: 1',
  'Connection: close',
  'Connection: keep-alive, X-A',
  'Keep-Alive: timeout=1',
  'Set-Cookie: a=b',
  'Upgrade: websocket',
  'Trailer: X-Sum',
  'X-Utf: \xc3\xa9\xff',
  'X-Nul: a\0b',
  'X-Cr: a\rb',
  'X-Lf: a\nX-Smuggled: EVIL',
  ' folded: EVIL',
  'X-Space : 1',
  'no colon',
  ': no name',
  'X(Y): 1',
  `X-Long: ${'x'.repeat(20_000)}`,
]
const FRAMINGS = [
  'Content-Length: 0',
  'Content-Length: 4',
  'Content-Length: 6',
  'Content-Length: 5, 5',
  'Content-Length: 5, 6',
  'Content-Length: +5',
  'Content-Length: -1',
  'Content-Length: 0x5',
  'Content-Length: 5 5',
  'Content-Length: ',
  'Content-Length: 99999999999999999999',
  'Content-Length : 5',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding : chunked',
  'transfer_encoding: chunked',
]
const CHUNKS = [
  '5;x="y"\r\nhello\r\n',
  '05\r\nhello\r\n',
  '4\r\nhello\r\n',
  '6\r\nhello\r\n',
  '5\nhello\n',
  '-5\r\nhello\r\n',
].concat([
  '0x5\r\nhello\r\n',
  '5 \r\nhello\r\n',
  '\r\n',
  'g\r\nhello\r\n',
  '5\rhello\r\n',
  'fffffffffffffffff\r\nhello\r\n',
  `5;${'x'.repeat(30_000)}\r\nhello\r\n`,
])
const LAST = [
  '0\r\nX-Sum: 1\r\n\r\n',
  '0\r\nX-Sum\r\n\r\n',
  '0\r\n',
  '0\r\n\r\n\r\n',
  '0\n\n',
  '',
  '0\r\nSet-Cookie: __Host-gatewright-session=EVIL\r\n\r\n',
  `0\r\nX: ${'x'.repeat(30_000)}\r\n\r\n`,
]
const BREAKS = ['\n', '\r', '\r\n ', '\r\n\t', '\0\r\n', '\r\r\n']

const chunked = fc
  .tuple(fc.array(seldom('5\r\nhello\r\n', CHUNKS), { maxLength: 3 }), seldom('0\r\n\r\n', LAST))
  .map(([chunks, last]) => chunks.join('') + last)
const framed = fc.oneof(
  { weight: 4, arbitrary: fc.constant<[string[], string]>([['Content-Length: 5'], 'hello']) },
  { weight: 4, arbitrary: chunked.map((content): [string[], string] => [['Transfer-Encoding: chunked'], content]) },
  { weight: 1, arbitrary: fc.constant<[string[], string]>([[], 'hello']) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.array(pick([...FRAMINGS, 'Content-Length: 5', 'Transfer-Encoding: chunked']), { maxLength: 2 }),
        fc.oneof(chunked, pick(['hello', ''])),
      )
      .map(([fields, content]): [string[], string] => [fields, content]),
  },
)

const written = fc
  .record({
    hints: fc.oneof(
      { weight: 8, arbitrary: fc.constant('') },
      {
        weight: 1,
        arbitrary: pick(['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n']),
      },
      { weight: 1, arbitrary: fc.nat(300).map((count) => 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(count)) },
      { weight: 1, arbitrary: fc.constant('HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n') },
    ),
    line: seldom('HTTP/1.1 200 OK', STATUS_LINES),
    fields: fc.array(seldom('X-A: 1', FIELDS), { maxLength: 3 }),
    lineBreaks: fc.array(seldom('\r\n', BREAKS), { maxLength: 2 }),
    framed,
    extra: pick(['', '', '', EVIL, 'EVIL', '\r\n', '\0', `\r\n${EVIL}`, 'HTTP/1.1 100 Continue\r\n\r\n']),
  })
  .map(({ hints, line, fields, lineBreaks, framed: [framing, content], extra }) => {
    const lines = [line, ...framing, ...fields]
    return `${hints}${lines.map((text, index) => text + (lineBreaks[index] ?? '\r\n')).join('')}\r\n${content}${extra}`
  })

const cut = fc.tuple(written, fc.nat(400)).map(([text, at]) => text.slice(0, at % (text.length + 1)))
const mutated = fc
  .tuple(written, fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) =>
    changes.reduce((changed, [position, byte]) => {
      const at = position % (changed.length + 1)
      return changed.slice(0, at) + String.fromCharCode(byte) + changed.slice(at + 1)
    }, text),
  )
const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'))

/** What an upstream might answer that is broken, or wants to be taken for another's. */
export const hostileAnswer: fc.Arbitrary<HostileAnswer> = fc.record({
  bytes: fc.oneof(
    { weight: 6, arbitrary: written },
    { weight: 2, arbitrary: cut },
    { weight: 2, arbitrary: mutated },
    { weight: 1, arbitrary: noise },
  ),
  afterwards: fc.oneof(
    { weight: 3, arbitrary: fc.constant('keep' as const) },
    { weight: 3, arbitrary: pick(['close', 'reset', 'push'] as const) },
  ),
  method: seldom<HostileAnswer['method']>('GET', ['HEAD']),
})

const head = (...lines: string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n')

/** Answers that have poisoned some proxy's connections or caches; each is tried with every way to go on. */
export const CORPUS: readonly HostileAnswer[] = [
  `${head('Content-Length: 5')}hello${EVIL}`,
  `${head('Content-Length: 0')}${EVIL}`,
  `${head('Transfer-Encoding: chunked')}0\r\n\r\n${EVIL}`,
  `${head('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${EVIL}`,
  `${head('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`,
  `${head('Content-Length: 5', 'Content-Length: 0')}${EVIL}`,
  `${head('Transfer-Encoding: gzip, chunked')}0\r\n\r\n${EVIL}`,
  `HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n${EVIL}`,
  `HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nEVIL\r\n0\r\n\r\n`,
  `HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nEVIL`,
  `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${EVIL}`,
  `HTTP/1.1 100 Continue\r\nContent-Length: 4\r\n\r\nEVIL${EVIL}`,
  'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000),
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1_000) + `${head('Content-Length: 5')}hello`,
  `${head('Content-Length: 5', 'X-A: 1\r\n folded')}hello`,
  `${head('Content-Length: 5', 'X-A: a\0b')}hello`,
  head('Content-Length: 5').replaceAll('\r\n', '\n') + 'hello',
  head('Content-Length: 5').replaceAll('\r\n', '\r') + 'hello',
  `${head('Content-Length: 5', ...Array.from({ length: 5_000 }, (_, index) => `X-${index}: 1`))}hello`,
  `${head('Content-Length: 5', `X: ${'x'.repeat(1_000_000)}`)}hello`,
  `HTTP/1.1 200 ${'x'.repeat(1_000_000)}`,
  `${head('Transfer-Encoding: chunked')}${'0'.repeat(100_000)}5\r\nhello\r\n0\r\n\r\n`,
  `${head('Transfer-Encoding: chunked')}5;${'x'.repeat(100_000)}`,
  `${head('Transfer-Encoding: chunked')}ffffffffffffffff\r\nhello`,
  `${head('Transfer-Encoding: chunked')}5\r\nhelloEVIL\r\n0\r\n\r\n`,
  `${head('Transfer-Encoding: chunked')}0\r\n${'X: 1\r\n'.repeat(20_000)}\r\n`,
  `${head('Content-Length: 99999999999999999999')}hello`,
  `${head('Content-Length: 10')}hello`,
  head('Content-Length: 5'),
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 2',
  'HTTP/0.9 200 OK\r\n\r\nhello',
  '<html>hello</html>',
  '\x16\x03\x01\x02\x00',
  '\0'.repeat(1_000),
  '',
].flatMap((bytes): HostileAnswer[] => [
  ...(['keep', 'close', 'reset', 'push'] as const).map((afterwards) => ({ bytes, afterwards, method: 'GET' as const })),
  { bytes, afterwards: 'keep', method: 'HEAD' },
])

/** What `push` sends unasked. */
export const PUSHED = EVIL
