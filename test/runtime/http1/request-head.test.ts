import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseRequestHead } from '../../../runtime/http1/request-head.ts'

const read = (text: string) => parseRequestHead(text, undefined)

describe('a request line', () => {
  it('is a method, a target and a version', () => {
    expect(read('GET /a?b HTTP/1.1\r\nHost: x\r\n')).toMatchObject({ method: 'GET', target: '/a?b', version: '1.1' })
    // Whether it is spoken is somebody else's to say.
    expect(read('GET / HTTP/2.0\r\n')).toMatchObject({ version: '2.0' })
  })

  it.each([
    '',
    '\r\n',
    'GET\r\n',
    'GET /\r\n',
    'GET  / HTTP/1.1\r\n',
    'GET /  HTTP/1.1\r\n',
    ' GET / HTTP/1.1\r\n',
    'GET / HTTP/1.1 \r\n',
    'GET / HTTP/11\r\n',
    'GET / HTTP/1.10\r\n',
    'GET / http/1.1\r\n',
    'GET / HTTP/1.1\n',
    'GET /\t HTTP/1.1\r\n',
    'GET /\0 HTTP/1.1\r\n',
    'G(T / HTTP/1.1\r\n',
    'GET / HTTP/1.1\rHost: x\r\n',
  ])('is none of %j', (text) => {
    expect(read(text)).toBeUndefined()
  })
})

describe('fields', () => {
  it.each([
    'Host : x',
    ' Host: x',
    'Host: x\r\n y',
    'Host: x\ny: z',
    'Host: x\ry: z',
    'Host: \0',
    'Host',
    ': x',
    'Hö: x',
  ])('are none of %j', (line) => {
    expect(read(`GET / HTTP/1.1\r\n${line}\r\n`)).toBeUndefined()
  })

  it('come as they were sent, without the blanks around their values', () => {
    const names = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}$/)
    const values = fc.stringMatching(/^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]{0,30}[\x21-\x7e\x80-\xff])?)?$/)
    const blanks = fc.stringMatching(/^[ \t]{0,3}$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(names, blanks, values, blanks), { maxLength: 10 }), (fields) => {
        const lines = fields.map(([name, before, text, after]) => `${name}:${before}${text}${after}\r\n`)
        expect(read(`GET / HTTP/1.1\r\n${lines.join('')}`)?.fields.raw).toEqual(
          fields.flatMap(([name, , text]) => [name, text]),
        )
      }),
    )
  })

  it('make an object that nobody can put a prototype into', () => {
    const { headers } =
      read(
        'GET / HTTP/1.1\r\n__proto__: x\r\nconstructor: y\r\nCookie: a=1\r\ncookie: b=2\r\nAccept: c\r\naccept: d\r\n',
      )?.fields ?? {}
    expect(Object.getPrototypeOf(headers)).toBeNull()
    expect({ ...headers }).toMatchObject({ cookie: 'a=1; b=2', accept: 'c, d', constructor: 'y' })
  })
})

describe('what fields say about the body', () => {
  const framing = (...lines: string[]) =>
    read(`POST / HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}`)?.fields

  it('is a length, or chunks, or nothing', () => {
    expect(framing('Content-Length: 12')).toMatchObject({ framing: 'length', length: 12 })
    expect(framing('Transfer-Encoding: Chunked')).toMatchObject({ framing: 'chunked' })
    expect(framing('Content-Length: 0')).toMatchObject({ framing: 'none' })
    expect(framing()).toMatchObject({ framing: 'none' })
  })

  it.each([
    [['Content-Length: 1', 'Content-Length: 1']],
    [['Content-Length: 1, 1']],
    [['Content-Length: +1']],
    [['Content-Length: 0x1']],
    [['Content-Length: 00']],
    [['Content-Length: 010']],
    [['Content-Length: ']],
    [['Content-Length: 1234567890123456']],
    [['Content-Length: 1', 'Transfer-Encoding: chunked']],
    [['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    [['Transfer-Encoding: gzip, chunked']],
    [['Transfer-Encoding: identity']],
    [['Transfer-Encoding: ']],
  ])('is unclear in %j, and ends the connection', (lines) => {
    expect(framing(...lines)).toMatchObject({ framing: 'unclear', keepsConnection: false })
  })

  it('is unclear in chunks of HTTP/1.0', () => {
    expect(read('POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n')?.fields.framing).toBe('unclear')
  })
})

it('a connection is kept as its version and fields say', () => {
  const keeps = (version: string, ...lines: string[]) =>
    read(`GET / HTTP/${version}\r\n${lines.map((line) => `${line}\r\n`).join('')}`)?.fields.keepsConnection
  expect(keeps('1.1')).toBe(true)
  expect(keeps('1.1', 'Connection: keep-alive, Close')).toBe(false)
  expect(keeps('1.1', 'Connection: a', 'Connection: close')).toBe(false)
  expect(keeps('1.1', 'Connection: closed')).toBe(true)
  expect(keeps('1.0')).toBe(false)
  expect(keeps('1.0', 'Connection: Keep-Alive')).toBe(true)
  expect(keeps('1.1', 'Upgrade: h2c')).toBe(false)
})

describe('fields that come again', () => {
  const first = read('GET /a HTTP/1.1\r\nHost: x\r\nCookie: a\r\n')?.fields

  it('are the same ones, whatever is asked for', () => {
    expect(parseRequestHead('POST /b HTTP/1.1\r\nHost: x\r\nCookie: a\r\n', first)?.fields).toBe(first)
    expect(first?.isRepeated).toBe(true)
  })

  it.each([
    'GET /a HTTP/1.1\r\nHost: x\r\nCookie: b\r\n',
    'GET /a HTTP/1.1\r\nHost: x\r\nCookie: a\r\nCookie: b\r\n',
    'GET /a HTTP/1.1\r\nHost: x\r\n',
    'GET /a HTTP/1.0\r\nHost: x\r\nCookie: a\r\n',
  ])('are others in %j', (text) => {
    const other = parseRequestHead(text, first)?.fields
    expect(other).toBeDefined()
    expect(other).not.toBe(first)
  })
})
