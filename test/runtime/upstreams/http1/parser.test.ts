import { array, assert, constantFrom, integer, oneof, property, string, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'

import { AnswerParser } from '../../../../runtime/upstreams/http1/parser.ts'

const SEED = 20_261_122

type Event = [kind: string, ...rest: unknown[]]

interface Reading {
  /** Content is joined, since its cuts mean nothing. */
  events: Event[]
  /** Bytes that were left. */
  left: number
  problem: boolean
}

/** Reads answers to one request after the other until the bytes end or make no sense. */
function read(pieces: readonly Buffer[], method = 'GET'): Reading {
  const events: Event[] = []
  const parser: AnswerParser = new AnswerParser({
    information: (status, headers) => void events.push(['information', status, headers]),
    head: ({ status, statusText, headers, framing }) =>
      void events.push(['head', status, statusText, headers, framing]),
    data(chunk) {
      const last = events.at(-1)
      const text = chunk.toString('latin1')
      if (last?.[0] === 'data') last[1] = `${String(last[1])}${text}`
      else events.push(['data', text])
      return true
    },
    end: (trailers) => void events.push(['end', trailers]),
  })
  parser.begin(method, false)
  let left = 0
  for (const piece of pieces) {
    let rest = piece
    while (rest.length > 0 && parser.problem === undefined) {
      if (parser.isIdle) parser.begin(method, false)
      const taken = parser.feed(rest)
      expect(taken).toBeGreaterThan(0)
      rest = rest.subarray(taken)
    }
    left += rest.length
  }
  return { events, left, problem: parser.problem !== undefined }
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
}

const readText = (text: string, method?: string): Reading => read([Buffer.from(text, 'latin1')], method)

const OK = 'HTTP/1.1 200 OK\r\n'

describe('what is an answer', () => {
  it('reads heads, content and trailers', () => {
    const text =
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' +
      `${OK}Transfer-Encoding: Chunked\r\nX-A: \t b c\t \r\nx-a:\r\n\r\n` +
      '5;name="v"\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n'
    expect(readText(text).events).toEqual([
      ['information', 103, ['Link', '</a>']],
      ['head', 200, 'OK', ['Transfer-Encoding', 'Chunked', 'X-A', 'b c', 'x-a', ''], 'chunked'],
      ['data', 'hello0123456789'],
      ['end', ['X-Sum', '1']],
    ])
  })

  it('knows who has content (RFC 9112 §6.3)', () => {
    const cases: [text: string, method: string, framing: string, content: string | undefined][] = [
      [`${OK}Content-Length: 2\r\n\r\nok`, 'GET', 'length', 'ok'],
      [`${OK}Content-Length: 0\r\n\r\n`, 'GET', 'length', undefined],
      [`${OK}Content-Length: 2\r\n\r\n`, 'HEAD', 'none', undefined],
      [`${OK}Transfer-Encoding: chunked\r\n\r\n`, 'HEAD', 'none', undefined],
      ['HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n', 'GET', 'none', undefined],
      ['HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n', 'GET', 'none', undefined],
      ['HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 'GET', 'length', 'ok'],
      ['HTTP/1.1 200 \xe9\r\nContent-Length: 2\r\n\r\nok', 'GET', 'length', 'ok'],
    ]
    for (const [text, method, framing, content] of cases) {
      const { events, left, problem } = readText(text, method)
      expect({ text, problem, left, framing: events[0]?.at(-1) }).toEqual({ text, problem: false, left: 0, framing })
      expect(events.find(([kind]) => kind === 'data')?.[1]).toBe(content)
      expect(events.at(-1)).toEqual(['end', []])
    }
  })

  it('tells of a head whose whole content came with it', () => {
    const isWhole = (text: string, method = 'GET'): unknown[] => {
      const told: unknown[] = []
      const parser = new AnswerParser({
        information: () => undefined,
        head: (_, whole) => void told.push(whole),
        data: () => true,
        end: () => void told.push('end'),
      })
      parser.begin(method, false)
      parser.feed(Buffer.from(text, 'latin1'))
      return told
    }
    expect(isWhole(`${OK}Content-Length: 2\r\n\r\nok`)).toEqual([true, 'end'])
    expect(isWhole(`${OK}Content-Length: 2\r\n\r\no`)).toEqual([false])
    expect(isWhole(`${OK}Content-Length: 0\r\n\r\n`)).toEqual([true, 'end'])
    expect(isWhole(`${OK}Content-Length: 9\r\n\r\n`, 'HEAD')).toEqual([true, 'end'])
    expect(isWhole(`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toEqual([false, 'end'])
    expect(isWhole(`${OK}\r\nok`)).toEqual([false])
  })

  it('takes what has no length until the connection ends', () => {
    const ended: string[] = []
    const parser = new AnswerParser({
      information: () => undefined,
      head: ({ framing, reusable }) => void ended.push(`${framing} ${String(reusable)}`),
      data: (chunk) => ended.push(chunk.toString()) > 0,
      end: () => void ended.push('end'),
    })
    parser.begin('GET', false)
    parser.feed(Buffer.from('HTTP/1.0 200 OK\r\n\r\nall'))
    expect(parser.finish()).toBe(true)
    expect(ended).toEqual(['close false', 'all', 'end'])
    parser.begin('GET', false)
    parser.feed(Buffer.from(`${OK}Content-Length: 4\r\n\r\ncut`))
    expect(parser.finish()).toBe(false)
  })
})

const MALFORMED: Record<string, string[]> = {
  'a status line that is none': [
    'SSH-2.0-OpenSSH\r\n',
    '\r\n\r\n',
    'HTTP/2.0 200 OK\r\n\r\n',
    'HTTP/1.2 200 OK\r\n\r\n',
    'HTTP/1.1  200 OK\r\n\r\n',
    'HTTP/1.1 99 Low\r\n\r\n',
    'HTTP/1.1 099 Low\r\n\r\n',
    'HTTP/1.1 2000 High\r\n\r\n',
    'HTTP/1.1 20x\r\n\r\n',
    'http/1.1 200 OK\r\n\r\n',
    'HTTP/1.1 200 O\0K\r\n\r\n',
    'HTTP/1.1 200 OK\n\r\n\r\n',
    'HTTP/1.1 200 O\rK\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
  ],
  'a field that two readers could understand in two ways': [
    ' X: 1',
    'X : 1',
    'X: a\r\n folded',
    'X\r\n',
    ': 1',
    'X Y: 1',
    'X\0: 1',
    'X: a\0b',
    'X: a\rb',
    'X: a\nY: b',
    'X: \x7f',
    'Xé: 1',
  ].map((line) => `${OK}${line}\r\n\r\n`),
  'a framing that is not exactly one': [
    'Content-Length: 1\r\nContent-Length: 1',
    'Content-Length: 1, 1',
    'Content-Length: +1',
    'Content-Length: 0x1',
    'Content-Length:',
    'Content-Length: 1234567890123456',
    'Content-Length: 1\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: \x0bchunked',
    'Transfer-Encoding:',
  ].map((line) => `${OK}${line}\r\n\r\nx`),
  'chunks that are none': [
    'x\r\n',
    '\r\n',
    ';a\r\n',
    '-1\r\n',
    '0x1\r\n',
    ' 1\r\n',
    '1 \r\n',
    '1\n',
    '1\rx',
    '1;a\nb\r\n',
    '1;a\0\r\n',
    `1;${'a'.repeat(2_000)}\r\n`,
    '1234567890abc\r\n',
    '1\r\nxx',
    '1\r\nx\n',
    '0\r\nX : 1\r\n\r\n',
    '0\r\nX: 1\n\r\n\r\n',
  ].map((body) => `${OK}Transfer-Encoding: chunked\r\n\r\n${body}`),
  'what is too much': [
    `${OK}X: ${'a'.repeat(70_000)}\r\n\r\n`,
    `${OK}${'X: 1\r\n'.repeat(501)}\r\n`,
    'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(101),
    `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
}

describe('what is refused', () => {
  for (const [title, texts] of Object.entries(MALFORMED)) {
    it(`refuses ${title}, whole and in pieces, mostly byte by byte`, () => {
      for (const text of texts) {
        const bytes = Buffer.from(text, 'latin1')
        const single = cut(bytes, Math.ceil(bytes.length / 1_000))
        expect([text.slice(0, 80), readText(text).problem, read(single).problem]).toEqual([
          text.slice(0, 80),
          true,
          true,
        ])
      }
    })
  }

  it('says nothing of an answer whose head is refused', () => {
    expect(readText(`${OK}X : 1\r\n\r\n`).events).toEqual([])
  })
})

describe('however the bytes are cut', () => {
  const PARTS = [
    OK,
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: close, x\r\n',
    'Keep-Alive: timeout=5\r\n',
    `X: ${'a'.repeat(1_500)}\r\n`,
    '\r\n',
    'hello',
    '5\r\nhello\r\n',
    '5;a=b\r\nhello\r\n',
    '0\r\n\r\n',
    '0\r\nX-Sum: 1\r\n\r\n',
    '\n',
    '\r',
  ]
  const bytes = oneof(
    array(constantFrom(...PARTS), { minLength: 1, maxLength: 12 }).map((parts) =>
      Buffer.from(parts.join(''), 'latin1'),
    ),
    array(oneof(constantFrom(...PARTS), string({ maxLength: 4 })), { maxLength: 8 }).map((parts) =>
      Buffer.from(parts.join('')),
    ),
    uint8Array({ maxLength: 200 }).map((noise) => Buffer.from(noise)),
    uint8Array({ maxLength: 60 }).map((noise) =>
      Buffer.concat([Buffer.from(`${OK}Transfer-Encoding: chunked\r\n\r\n`), noise]),
    ),
  )

  it('hears the same, never throws and never stands still', () => {
    console.log(`seed ${SEED}`)
    assert(
      property(bytes, array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (whole, sizes) => {
        const pieces: Buffer[] = []
        for (let from = 0, count = 0; from < whole.length; count += 1) {
          const size = sizes[count % sizes.length] ?? 1
          pieces.push(whole.subarray(from, from + size))
          from += size
        }
        const { events, problem } = read([whole])
        expect({ events: read(pieces).events, problem: read(pieces).problem }).toEqual({ events, problem })
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  it('gives nothing more while its reader waits, and goes on where it was', () => {
    const seen: string[] = []
    const parser = new AnswerParser({
      information: () => undefined,
      head: () => void seen.push('head'),
      data: (chunk) => seen.push(chunk.toString()) < 0,
      end: () => void seen.push('end'),
    })
    parser.begin('GET', false)
    let rest = Buffer.from(`${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n`)
    rest = rest.subarray(parser.feed(rest))
    expect([seen, parser.feed(rest)]).toEqual([['head', 'a'], 0])
    parser.resume()
    rest = rest.subarray(parser.feed(rest))
    expect(seen).toEqual(['head', 'a', 'b'])
    parser.resume()
    expect([parser.feed(rest), seen]).toEqual([rest.length, ['head', 'a', 'b', 'end']])
  })
})
