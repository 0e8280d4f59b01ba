import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { requestFields, requestTrailers } from '../../../../runtime/upstreams/http2/request-fields.ts'

const HEAD = { method: 'GET', target: '/', hasBody: false }

/** What comes after the four pseudo-fields. */
function fieldsOf(...headers: string[]): string[] {
  return requestFields({ ...HEAD, headers: ['Host', 'app.example', ...headers] }, 'https').slice(8)
}

describe('a head', () => {
  test('begins with the pseudo-fields, Host among them', () => {
    const head = { method: 'POST', target: '/a?b', headers: ['X-A', '1', 'HOST', 'app.example:8443'], hasBody: true }
    expect(requestFields(head, 'https').slice(0, 8)).toEqual(
      [':method', 'POST', ':scheme', 'https'].concat(':authority', 'app.example:8443', ':path', '/a?b'),
    )
  })

  test.each([
    ['fields of an HTTP/1.1 connection are left out', ['Connection', 'x', 'Keep-Alive', 'y', 'Upgrade', 'z'], []],
    [
      'framing is left to HTTP/2, but for the length',
      ['Transfer-Encoding', 'chunked', 'Content-Length', '5'],
      ['content-length', '5'],
    ],
    ['cookies are one field', ['Cookie', 'a=1', 'X', 'y', 'cookie', 'b=2'], ['x', 'y', 'cookie', 'a=1; b=2']],
    ['TE says trailers or nothing', ['TE', 'gzip, trailers;q=0.5'], ['te', 'trailers']],
    [
      'gRPC takes trailers, although TE ended at the proxy',
      ['Content-Type', 'application/grpc+proto'],
      ['content-type', 'application/grpc+proto', 'te', 'trailers'],
    ],
    ['TE without trailers is left out', ['TE', 'gzip, x-trailers'], []],
    ['space around values is cut off', ['X-A', ' \tb c '], ['x-a', 'b c']],
    ['no-break spaces are not', ['X-A', '\u00a0b'], ['x-a', '\u00a0b']],
    [
      'names are in lower case, in their order, as often as they came',
      ['X-B', '1', 'X-A', '2', 'X-B', '3'],
      ['x-b', '1', 'x-a', '2', 'x-b', '3'],
    ],
  ])('%s', (_what, headers, expected) => {
    expect(fieldsOf(...headers)).toEqual(expected)
  })

  test.each([
    ['a method with a space', { method: 'GET /' }],
    ['a target with a space', { target: '/a b' }],
    ['a target with a line end', { target: '/a\r\nX: y' }],
    ['an empty target', { target: '' }],
  ])('is refused with %s', (_what, change) => {
    expect(() => requestFields({ ...HEAD, headers: ['Host', 'a'], ...change }, 'http')).toThrow(TypeError)
  })
})

const WRITABLE = /^[\t\x20-\x7e\x80-\xff]*$/
const anyText = fc.string({ unit: 'binary', maxLength: 8 })

test('whatever values there are, none reaches the bytes of another field', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 6 }), fc.constantFrom('fields', 'trailers'), (values, kind) => {
      const isWritable = values.every((value) => WRITABLE.test(value))
      const raw = values.flatMap((value) => ['X-Value', value])
      const write = (): string[] => (kind === 'fields' ? fieldsOf(...raw) : Object.values(requestTrailers(raw)).flat())
      return isWritable ? write().every((text) => WRITABLE.test(text)) : refuses(write)
    }),
    { seed: 6, numRuns: 1_000 },
  )
})

function refuses(write: () => unknown): boolean {
  try {
    write()
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_INVALID_CHAR'
  }
}

test.each([[':status'], ['a b'], [''], ['x\0']])('a trailer called %j is refused', (name) => {
  expect(() => requestTrailers([name, 'x'])).toThrow('Header name must be a valid HTTP token')
})

test('trailers keep their duplicates, and lose what belongs to a connection', () => {
  expect({ ...requestTrailers(['X-A', '1', 'x-a', '2', 'Connection', 'x', '__proto__', 'y']) }).toEqual({
    'x-a': ['1', '2'],
    ['__proto__']: ['y'],
  })
})
