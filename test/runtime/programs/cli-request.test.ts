import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  cliAnswer,
  cliRequestFields,
  isLoopbackRedirect,
  parseCliRequest,
} from '../../../runtime/programs/cli-request.ts'

const SEED = 20260705
const honest = {
  redirect_uri: 'http://127.0.0.1:49152/callback',
  state: 'xyz',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}

describe('a redirect address', () => {
  it.each([
    'http://127.0.0.1:49152/callback',
    'http://127.0.0.1:1/',
    'http://127.0.0.1:80/',
    'http://127.0.0.1:65535/a/b_c-d.e~f',
    'http://[::1]:49152/callback',
  ])('may be %s', (address) => expect(isLoopbackRedirect(address)).toBe(true))

  it.each([
    'http://localhost:49152/callback',
    'http://127.0.0.1.evil.example:80/',
    'http://127.0.0.1:80@evil.example/',
    'http://127.0.0.1@evil.example:80/',
    'http://user:pass@127.0.0.1:80/',
    'http://127.0.0.1:80\\@evil.example/',
    'http://127.0.0.1:80\\.evil.example/',
    'http://127.0.0.1/',
    'http://127.0.0.1:/',
    'http://127.0.0.1:0/',
    'http://127.0.0.1:080/',
    'http://127.0.0.1:65536/',
    'http://127.0.0.1:99999999/',
    'http://127.0.0.1:49152',
    'http://127.0.0.1:49152?x=/',
    'http://127.0.0.1:49152#/',
    'http://127.0.0.1:49152/#fragment',
    'http://127.0.0.1:49152/?code=mine',
    'http://127.0.0.1:49152/a%0d%0ab',
    'http://127.0.0.1:49152/a b',
    'http://127.0.0.1:49152/\n',
    '\thttp://127.0.0.1:49152/',
    ' http://127.0.0.1:49152/',
    'https://127.0.0.1:49152/',
    'HTTP://127.0.0.1:49152/',
    'http:/127.0.0.1:49152/',
    'http:127.0.0.1:49152/',
    '//127.0.0.1:49152/',
    'http://127.1:49152/',
    'http://0x7f000001:49152/',
    'http://2130706433:49152/',
    'http://0177.0.0.1:49152/',
    'http://127.0.0.2:49152/',
    'http://0.0.0.0:49152/',
    'http://１２７.0.0.1:49152/',
    'http://[::]:49152/',
    'http://[::ffff:127.0.0.1]:49152/',
    'http://[0:0:0:0:0:0:0:1]:49152/',
    'http://[::1%25eth0]:49152/',
    'http://[::1].evil.example:49152/',
    'http://::1:49152/',
    'http://169.254.169.254:80/',
    'http://evil.example:49152/',
    'http://evil.example/http://127.0.0.1:49152/',
    'javascript:alert(1)//http://127.0.0.1:49152/',
    'myapp://127.0.0.1:49152/',
    'urn:ietf:wg:oauth:2.0:oob',
    `http://127.0.0.1:49152/${'a'.repeat(201)}`,
    '',
  ])('may not be %j (case 20)', (address) => {
    expect(isLoopbackRedirect(address)).toBe(false)
    expect(() => parseCliRequest(new URLSearchParams({ ...honest, redirect_uri: address }))).toThrow(
      expect.objectContaining({ code: 'request_malformed' }),
    )
  })

  it('leads to this machine whoever reads it, and stays there with the answer', () => {
    const host = fc.constantFrom('127.0.0.1', '[::1]', 'localhost', 'evil.example', '127.0.0.1.evil.example', '')
    const odd = fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.constantFrom('@', '\\', '#', '?', ':', '//', '%00', '\t', '..', 'a'),
      fc.string({ maxLength: 4 }),
    )
    let accepted = 0
    const address = fc
      .tuple(
        fc.constantFrom('http', 'http', 'https', 'HTTP', 'ftp'),
        odd,
        host,
        odd,
        fc.integer({ min: -1, max: 70_000 }),
        odd,
        odd,
      )
      .map(([scheme, a, name, b, port, c, d]) => `${scheme}://${a}${name}${b}:${port}${c}/${d}`)
    fc.assert(
      fc.property(address, fc.string({ minLength: 1, maxLength: 20 }), (redirectUri, code) => {
        if (!isLoopbackRedirect(redirectUri)) return
        accepted += 1
        const url = new URL(cliAnswer({ redirectUri, state: 'xyz', challenge: '' }, { code }))
        expect(['127.0.0.1', '[::1]']).toContain(url.hostname)
        expect([url.protocol, url.username, url.password, url.hash]).toEqual(['http:', '', '', ''])
        expect([...url.searchParams]).toEqual([
          ['code', code],
          ['state', 'xyz'],
        ])
      }),
      { seed: SEED, numRuns: 1_500 },
    )
    expect(accepted).toBeGreaterThan(5)
  })
})

describe('a request', () => {
  it('is read from an address and written into one alike', () => {
    const request = parseCliRequest(new URLSearchParams(honest))
    expect(request).toEqual({
      redirectUri: honest.redirect_uri,
      state: 'xyz',
      challenge: honest.code_challenge,
    })
    expect(Object.fromEntries(cliRequestFields(request))).toEqual(honest)
  })

  it('may say where the program wants to go', () => {
    const request = parseCliRequest(new URLSearchParams({ ...honest, path: '/admin' }))
    expect(request.path).toBe('/admin')
    expect(Object.fromEntries(cliRequestFields(request))).toEqual({ ...honest, path: '/admin' })
  })

  it.each(Object.keys(honest))('is refused without %s, and with two', (name) => {
    const without = new URLSearchParams(honest)
    without.delete(name)
    const twice = new URLSearchParams(honest)
    twice.append(name, twice.get(name) ?? '')
    for (const parameters of [without, twice]) {
      expect(() => parseCliRequest(parameters)).toThrow(expect.objectContaining({ code: 'request_malformed' }))
    }
  })

  it.each<Record<string, string>>([
    { code_challenge_method: 'plain' },
    { code_challenge_method: 's256' },
    { code_challenge: 'short' },
    { code_challenge: `${honest.code_challenge}=` },
    { code_challenge: `${honest.code_challenge}\n` },
    { state: '' },
    { state: 'a\r\nb' },
    { state: 'ü' },
    { state: 'x'.repeat(257) },
    { path: 'admin' },
    { path: '/a?b' },
    { path: '/a b' },
    { path: `/${'a'.repeat(501)}` },
  ])('is refused with %j', (changed) => {
    expect(() => parseCliRequest(new URLSearchParams({ ...honest, ...changed }))).toThrow(
      expect.objectContaining({ code: 'request_malformed' }),
    )
  })
})
