import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { PathMatch, RedirectConfig } from '../../../runtime/config.ts'
import {
  fixedAnswer,
  looseReading,
  pathMistake,
  redirectLocation,
  replacePrefix,
  routeConflicts,
} from '../../../runtime/routes/index.ts'
import { canonicalTarget } from '../../../runtime/wire/index.ts'

describe('a rewritten prefix', () => {
  it.each([
    ['/api', '/v2', '/api/x', '/v2/x'],
    ['/api', '/v2', '/api', '/v2'],
    ['/api', '/v2', '/api/', '/v2/'],
    ['/api', '/v2/', '/api/x', '/v2/x'],
    ['/api', '/', '/api/x', '/x'],
    ['/api', '/', '/api', '/'],
    ['/', '/base', '/x', '/base/x'],
    ['/', '/base', '/', '/base/'],
    ['/', '/', '/x', '/x'],
    ['/api', '/', '/api//evil.example', '/evil.example'],
    ['/a%20b', '/c', '/a%20b/d', '/c/d'],
  ])('of %s to %s makes of %s %s', (prefix, replacement, path, expected) => {
    expect(replacePrefix(path, { prefix }, replacement)).toBe(expected)
  })

  it('leaves alone what is no prefix', () => {
    expect(replacePrefix('/a', { exact: '/a' }, '/b')).toBe('/a')
    expect(replacePrefix('/a', { pattern: '/.' }, '/b')).toBe('/a')
  })
})

describe('a redirect', () => {
  const to = (change: Partial<RedirectConfig>, path: string, query = '', match: PathMatch = { prefix: '/' }) =>
    redirectLocation({ kind: 'redirect', status: 302, keepQuery: true, ...change }, 'https://old.example', match, {
      path,
      query,
    })

  it.each<[string, Partial<RedirectConfig>, string]>([
    ['another origin', { origin: 'https://new.example' }, 'https://new.example/docs/x?q=1'],
    ['one path', { path: { replace: '/moved' } }, 'https://old.example/moved?q=1'],
    ['another prefix', { path: { prefix: '/guide' } }, 'https://old.example/guide/x?q=1'],
    ['no query', { origin: 'https://new.example', keepQuery: false }, 'https://new.example/docs/x'],
  ])('to %s', (_, change, location) => {
    expect(to(change, '/docs/x', '?q=1', { prefix: '/docs' })).toBe(location)
  })

  it('leads to a configured origin whatever path and query are', () => {
    const path = fc.oneof(
      fc.webPath(),
      fc.constantFrom('//evil.example', '///evil', '/%2F%2Fevil.example', '/@evil.example', '/x//y'),
    )
    const change = fc.constantFrom<Partial<RedirectConfig>>({}, { path: { prefix: '/' } }, { path: { prefix: '/a/' } })
    fc.assert(
      fc.property(path, change, fc.webQueryParameters(), (raw, one, query) => {
        const canonical = canonicalTarget(raw === '' ? '/' : raw, { allowEncodedSlash: true })
        if ('code' in canonical) return
        const location = to(one, canonical.path, `?${query}`)
        expect(new URL(location).origin).toBe('https://old.example')
        expect(new URL(location).pathname).not.toMatch(/^\/\//)
      }),
      { seed: 6, numRuns: 2_000 },
    )
  })
})

describe('a fixed answer', () => {
  const respond = { kind: 'respond', status: 200, contentType: 'text/plain', body: 'grüß dich' } as const

  it('is the same for every method, but HEAD is not sent its content', () => {
    const headers = { 'content-type': 'text/plain', 'content-length': '11' }
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      expect(fixedAnswer(respond, method)).toEqual({ status: 200, headers, body: 'grüß dich' })
    }
    expect(fixedAnswer(respond, 'HEAD')).toEqual({ status: 200, headers, body: undefined })
  })

  it.each([204, 205, 304])('of status %i has no content', (status) => {
    expect(fixedAnswer({ ...respond, status }, 'GET')).toEqual({ status, headers: {}, body: undefined })
  })
})

describe('the loose reading', () => {
  it.each([
    ['/admin', '/admin'],
    ['/%40admin', '/@admin'],
    ['/a%2Fb', '/a/b'],
    ['/a%252Fb', '/a/b'],
    ['/a%25252fb', '/a/b'],
    ['/%2561dmin', '/admin'],
    ['//admin', '/admin'],
    ['/admin;x=1/y', '/admin/y'],
    ['/admin%3Bx', '/admin'],
    ['/admin%253Bx', '/admin'],
    ['/gr%C3%BC%C3%9F', '/gr%C3%BC%C3%9F'],
    ['/a%20b', '/a%20b'],
    ['/100%25', '/100%25'],
  ])('of %s is %s', (path, reading) => {
    expect(looseReading(path)).toBe(reading)
  })

  it('of a long hostile path is found at once', () => {
    expect(looseReading(`/${'%25'.repeat(5_000)}`)).toMatch(/^\/%/)
    expect(looseReading(`/${'%2525'.repeat(3_000)}41`)).toMatch(/^\//)
    expect(looseReading('//;'.repeat(5_000))).toMatch(/^\//)
  })
})

describe('a path that no route can have', () => {
  it.each<[PathMatch, string]>([
    [{ prefix: '/api/' }, 'write /api'],
    [{ prefix: '/%40x' }, 'write it in the spelling that requests are brought into: /@x'],
    [{ exact: '/%61' }, 'write it in the spelling that requests are brought into: /a'],
    [{ exact: '/a?b' }, 'leave out ?'],
    [{ exact: '/a#b' }, 'no request can have this path'],
    [{ prefix: '/../x' }, 'no request can have this path'],
    [{ prefix: '//x' }, 'no request can have this path'],
    [{ exact: '/a;b' }, ': /a'],
    [{ pattern: '(' }, 'not an RE2 pattern: '],
    [{ pattern: '(?=a)' }, 'not an RE2 pattern'],
  ])('%j is named', (match, words) => {
    expect(pathMistake(match)).toContain(words)
  })

  it('is a pattern of more than 500 characters', () => {
    expect(pathMistake({ pattern: 'a'.repeat(501) })).toContain('at most 500')
  })

  it.each<PathMatch>([{ prefix: '/' }, { exact: '/a/' }, { prefix: '/a%20b' }, { pattern: '/[a-z]+' }])(
    '%j is none',
    (match) => {
      expect(pathMistake(match)).toBeUndefined()
    },
  )
})

describe('routes of one host', () => {
  const placed = (from: string, path: PathMatch = { prefix: '/' }, brand = 'acme') => ({ brand, from, path })

  it('are of one brand and one origin, and have a path each', () => {
    const conflicts = routeConflicts({
      one: placed('https://a.acme.com'),
      two: placed('https://a.acme.com', { prefix: '/api' }),
      other: placed('https://a.acme.com', { prefix: '/x' }, 'evil'),
      plain: placed('http://a.acme.com', { prefix: '/y' }),
      again: placed('https://a.acme.com', { prefix: '/api' }),
      exact: placed('https://a.acme.com', { exact: '/api' }),
      wild: placed('https://*.acme.com', { prefix: '/api' }, 'evil'),
    })
    expect(conflicts.map(({ route, field, message }) => `${route}.${field}: ${message}`)).toEqual([
      'other.from: https://a.acme.com belongs to another brand at one: all routes of a host are of one brand',
      'plain.from: requests do not tell it from https://a.acme.com of one: give both routes one origin',
      'again.path: two has this path of https://a.acme.com already',
    ])
  })
})
