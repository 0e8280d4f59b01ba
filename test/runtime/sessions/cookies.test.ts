import fc from 'fast-check'
import { expect, it } from 'vitest'

import { isOwnCookie, readOwnCookies, readSessionCookie, setCookie } from '../../../runtime/sessions/index.ts'
import { anyCharacter } from '../../support/any-character.ts'

const name = '__Host-gatewright-session'

it.each([
  ['alone', `${name}=abc`, 'abc'],
  ['among others', `a=b; ${name}=abc; c=d`, 'abc'],
  ['with spaces around', `  ${name} = abc ;`, 'abc'],
  ['sent twice', `${name}=abc; ${name}=def`, undefined],
  ['in another case', `${name.toUpperCase()}=abc`, undefined],
  ['without a value', name, undefined],
  ['as somebody else’s value', `x=${name}=abc`, undefined],
])('a session cookie %s is read as it should be', (_, header, value) => {
  expect(readOwnCookies(header).get(name)).toBe(value)
  expect(readSessionCookie(header)).toBe(value)
})

it('the session cookie alone is read as it is among all of ours', () => {
  const piece = fc.constantFrom(name, '=', ';', '; ', ' ', 'x', `${name}=abc`, '-binding-1', '\t', '"')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const header = pieces.join('')
      expect(readSessionCookie(header)).toBe(readOwnCookies(header).get(name))
    }),
    { seed: 7, numRuns: 2_000 },
  )
  expect(readSessionCookie(undefined)).toBeUndefined()
})

it('no header makes reading fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (header) => {
      for (const key of readOwnCookies(header).keys()) expect(isOwnCookie(key)).toBe(true)
    }),
    { seed: 7 },
  )
  expect(readOwnCookies(undefined).size).toBe(0)
})

it('a cookie is tied to its host and kept from scripts', () => {
  expect(setCookie(name, 'v', 60)).toBe(`${name}=v; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax`)
})

it('a cookie goes along with another site’s POST only where that is asked for', () => {
  expect(setCookie(name, 'v', 60, 'None')).toBe(`${name}=v; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=None`)
})
