import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { foreignWords, refusal } from '../../../infra/provider/refusal.ts'

describe('a refusal', () => {
  it('says what was tried, where, and what the server said', () => {
    const error = refusal(
      'make the client at',
      'https://id.example/api?x=1',
      { status: 400, body: { error: 'bad' } },
      [],
    )
    expect(error).toMatchObject({
      code: 'vendor_refused',
      message: 'Could not make the client at https://id.example/api: it answered 400 (bad)',
    })
  })

  it.each([401, 403])('tells at %i to look at the credentials', (status) => {
    const error = refusal('read', 'https://id.example/api', { status, body: undefined }, [])
    expect(error.message).toBe(
      `Could not read https://id.example/api: it answered ${status}: check the credentials, and what they may do`,
    )
  })

  it('takes the code of a protocol', () => {
    const answer = { status: 409, body: {} }
    expect(refusal('x', 'https://a.example', answer, [], 'registration_refused').code).toBe('registration_refused')
  })
})

describe('the words of a server', () => {
  it.each([
    ['OAuth 2.0', { error: 'invalid_scope', error_description: 'no such scope' }, 'invalid_scope: no such scope'],
    [
      'Okta',
      { errorCode: 'E0000001', errorSummary: 'failed', errorCauses: [{ errorSummary: 'label: taken' }] },
      'E0000001: failed: label: taken',
    ],
    [
      'PingOne',
      { code: 'INVALID_DATA', message: 'bad', details: [{ code: 'X', message: 'name is taken' }] },
      'INVALID_DATA: bad: X: name is taken',
    ],
    ['Microsoft Graph', { error: { code: 'Request_BadRequest', message: 'no' } }, 'Request_BadRequest: no'],
    [
      'Pocket ID',
      { error: 'Client ID is already in use', code: 'client_id_already_exists' },
      'Client ID is already in use: client_id_already_exists',
    ],
    ['a page', undefined, ''],
  ])('are found as %s puts them', (_vendor, body, words) => {
    expect(foreignWords(body, [])).toBe(words)
  })

  it('are bounded, printable and free of secrets, whatever the server sends', () => {
    const secret = 'Tq7-secret-value'
    const characters = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))
    const parts = fc.oneof(characters, fc.constant(secret), fc.constant('a longer text, that has to end somewhere'))
    const texts = fc.array(parts, { maxLength: 20 }).map((list) => list.join(''))
    const bodies = fc.record({
      error: texts,
      message: fc.oneof(texts, fc.record({ code: texts })),
      details: fc.array(fc.record({ message: texts })),
    })
    fc.assert(
      fc.property(bodies, (body) => {
        const words = foreignWords(body, [secret])
        return /^[\x20-\x7e]{0,300}$/.test(words) && !words.includes(secret)
      }),
      { seed: 20260401, numRuns: 100 },
    )
  })

  it('are not looked for without end', () => {
    const nested = JSON.parse(`${'{"error":'.repeat(20_000)}"x"${'}'.repeat(20_000)}`) as unknown
    expect(foreignWords(nested, [])).toBe('')
  })
})
