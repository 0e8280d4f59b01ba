import { array, assert, constantFrom, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canonicalTarget } from '../../../runtime/wire/index.ts'

const SEED = 20_261_122

const PIECES = [
  '/',
  '//',
  '.',
  '..',
  '%2e',
  '%2E',
  '%2f',
  '%2F',
  '%5c',
  '\\',
  ';',
  '%3B',
  '%',
  '%%',
  '%25',
  '%252e',
  '%252f',
  '#',
  '%23',
  '%00',
  '%0a',
  '%20',
  '%41',
  '%7e',
  '%7E',
  '%c3%a9',
  '%C0%AE',
  '%ff',
  '?',
  '&',
  '=',
  'a',
  'Z',
  '~',
  '-',
  '_',
  ' ',
  '	',
  'é',
  '@',
  ':',
  '+',
  '*',
  '|',
  '[',
  '"',
  '<',
  '{',
  'admin',
  'public',
]
const targets = array(constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)

describe('canonicalTarget', () => {
  for (const allowEncodedSlash of [false, true]) {
    it(`gives a fixed point without dots, with encoded slashes ${allowEncodedSlash ? 'allowed' : 'denied'}`, () => {
      console.log(`seed ${SEED}`)
      assert(
        property(oneof(targets, string({ unit: 'binary-ascii' })), (target) => {
          const canonical = canonicalTarget(target, { allowEncodedSlash })
          if ('code' in canonical) return
          const { path, query } = canonical
          expect(canonicalTarget(path + query, { allowEncodedSlash })).toEqual(canonical)
          expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/)
          expect(path).not.toMatch(/[\\#?]|%2E|%5C|%[01]|%7F/i)
          expect(target.endsWith(query)).toBe(true)
          // What any reader of URLs makes of it is still the same path.
          expect(new URL(path, 'http://h').pathname.replace(/%2F/g, '/').split('/')).not.toContain('..')
          let decoded = path
          for (let round = 0; round < 3; round += 1) {
            expect(decoded.split(/[/\\]/).some((segment) => /^\.\.?(?:;|$)/.test(segment))).toBe(false)
            decoded = decoded.replace(/%([0-9A-F]{2})/gi, (_, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            )
          }
          expect(allowEncodedSlash || !/\/\/|%2F/i.test(path)).toBe(true)
        }),
        { seed: SEED, numRuns: 3_000 },
      )
    })
  }

  it('names why it refuses', () => {
    const codes = {
      '': 'target_not_origin_form',
      '*': 'target_not_origin_form',
      'http://a/': 'target_not_origin_form',
      '/ ': 'target_character',
      '/#': 'target_character',
      '/%': 'path_escape_invalid',
      '/%ff': 'path_escape_invalid',
      '/%00': 'path_control',
      '/\\': 'path_backslash',
      '/%5C': 'path_backslash',
      '/%2e': 'path_encoded_dot',
      '/a/..': 'path_dot_segment',
      '/..;/a': 'path_dot_segment',
      '/%2F': 'path_encoded_slash',
      '/a//': 'path_double_slash',
      '//a': 'path_double_slash',
    }
    for (const [target, code] of Object.entries(codes)) {
      expect({ target, ...canonicalTarget(target, { allowEncodedSlash: false }) }).toMatchObject({
        target,
        code,
        status: 400,
      })
    }
  })

  it('decodes unreserved escapes, and leaves other ones and the query alone', () => {
    expect(canonicalTarget('/%61%2D%5f%7e%3a?%61#'.slice(0, -1), { allowEncodedSlash: false })).toEqual({
      path: '/a-_~%3A',
      query: '?%61',
    })
    expect(canonicalTarget('/a?b?c', { allowEncodedSlash: false })).toEqual({ path: '/a', query: '?b?c' })
  })
})
