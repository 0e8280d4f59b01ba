import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { holdsOwnToken, readAuthorization } from '../../../runtime/programs/authorization-header.ts'

const SEED = 20260705

describe('at a route that takes tokens', () => {
  it.each([
    ['Bearer abc.def-g_h~i+j/k==', 'abc.def-g_h~i+j/k=='],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    [`Bearer ${'a'.repeat(8_192)}`, 'a'.repeat(8_192)],
  ])('reads %.40s', (value, token) => {
    expect(readAuthorization(value, true)).toEqual({ kind: 'token', token })
  })

  it.each([
    ['Bearer'],
    ['Bearer '],
    ['Bearer\tabc'],
    ['Bearer a b'],
    ['Bearer a,Bearer b'],
    ['Bearer "abc"'],
    ['Bearer abc=d'],
    ['Bearer ümlaut'],
    [`Bearer ${'a'.repeat(8_193)}`],
    ['gws_ci_first_secret'],
    ['Token gws_ci_first_secret'],
    ['Basic x, Bearer gwc_secret'],
    [`Basic ${Buffer.from('x-token:gws_ci_first_secret').toString('base64')}`],
    [`basic ${Buffer.from('gwc_secret:').toString('base64url')}`],
  ])('denies %j', (value) => {
    expect(readAuthorization(value, true).kind).toBe('malformed')
  })

  it.each([[undefined], ['Basic YWxpY2U6cGFzcw=='], ['Bearerish abc'], ['AWS4-HMAC-SHA256 Credential=x']])(
    'leaves %j to the app',
    (value) => expect(readAuthorization(value, true)).toEqual({ kind: 'none' }),
  )
})

describe('at a route that takes none', () => {
  it.each([['Bearer abc'], ['Bearer glsa_gws_abc'], ['Bearer']])('leaves %j to the app', (value) =>
    expect(readAuthorization(value, false)).toEqual({ kind: 'none' }),
  )

  it('reads a token of ours', () => {
    expect(readAuthorization('Bearer gwc_abc', false)).toEqual({ kind: 'token', token: 'gwc_abc' })
  })
})

it('never leaves a token of ours to an app, however it is dressed up', () => {
  const dress = fc.string({ maxLength: 8 })
  const separator = fc.constantFrom('', ' ', '\t', ',', ';', ':', '=', '"', "'", ', Bearer ', 'Bearer ')
  fc.assert(
    fc.property(
      dress,
      separator,
      fc.constantFrom('gws_', 'gwc_', 'GWS_', 'gwC_'),
      dress,
      (before, gap, prefix, after) => {
        const value = before + (before === '' || gap !== '' ? gap : ' ') + prefix + after
        expect(holdsOwnToken(value)).toBe(true)
        for (const takes of [true, false]) expect(readAuthorization(value, takes).kind).not.toBe('none')
      },
    ),
    { seed: SEED, numRuns: 1_000 },
  )
})

it('reads nothing but one bearer token, whatever comes in', () => {
  const value = fc.oneof(
    fc.string(),
    fc.string().map((text) => `Bearer ${text}`),
    fc.string({ unit: fc.integer({ max: 255, min: 0 }).map((code) => String.fromCharCode(code)) }),
  )
  fc.assert(
    fc.property(value, fc.boolean(), (text, takes) => {
      const read = readAuthorization(text, takes)
      const isBearer = /^bearer(\s|$)/i.test(text)
      expect(read.kind === 'token' ? read.token : undefined).toBe(
        read.kind === 'token' ? text.replace(/^bearer +/i, '') : undefined,
      )
      expect(read.kind === 'none' && takes && isBearer).toBe(false)
    }),
    { seed: SEED, numRuns: 400 },
  )
})
