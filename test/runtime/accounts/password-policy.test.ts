import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { COMMON_WORDS } from '../../../runtime/accounts/common-words.ts'
import { judgePassword } from '../../../runtime/accounts/password-policy.ts'

describe('a password', () => {
  it.each([
    'correct horse battery staple',
    'seven brave lanterns hum',
    'fünf mutige Zwerge',
    'k9-Vx2!pQz7-Lm',
    'wir essen gern Pflaumen',
    '雨の日には本を読みたいです',
    'thequickbrownfoxjumps',
  ])('%s is good', (password) => {
    expect(judgePassword(password, ['alice@acme.example', 'Alice Archer'])).toBe('good')
  })

  it.each([
    ['a word and digits', 'password1234'],
    ['a word with signs for letters', 'P@ssw0rd!!!!'],
    ['two words', 'dragonmonkey'],
    ['two words and digits', 'dragonmonkey12'],
    ['a word again and again', 'lovelovelove'],
    ['any piece again and again', 'xk4zxk4zxk4z'],
    ['one character', 'aaaaaaaaaaaaaaaa'],
    ['a row of keys', 'qwertyuiopasdf'],
    ['keys in columns', '1qaz2wsx3edc'],
    ['digits in order', '123456789012345'],
    ['digits backwards', '098765432109876'],
    ['the alphabet', 'abcdefghijklmnop'],
    ['a season and a year', 'Sommer2026!!!'],
    ['a date', '20262026202620'],
  ])('of %s is guessed early', (_, password) => {
    expect(judgePassword(password)).toBe('common')
  })

  it.each([
    ['their address', 'alice@acme.example'],
    ['a part of their address and digits', 'acmeexample123'],
    ['their name', 'alicearcher12'],
  ])('of %s is guessed early', (_, password) => {
    expect(judgePassword(password, ['alice@acme.example', 'Alice Archer'])).toBe('common')
  })

  it.each([
    ['eleven characters', 'k9-Vx2!pQz7', 'too_short'],
    ['twelve', 'k9-Vx2!pQz7y', 'good'],
    ['a hundred and twenty-eight', 'k9-Vx2!p'.repeat(4).padEnd(128, 'vJ3w_Ue8#'), 'good'],
    ['one more', 'k9-Vx2!p'.padEnd(129, 'vJ3w_Ue8#'), 'too_long'],
    ['eleven pairs of code units', '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔', 'too_short'],
  ])('of %s is judged by characters', (_, password, verdict) => {
    expect(judgePassword(password)).toBe(verdict)
  })

  it('is judged whatever it is, and the same in capitals', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 140 }), (text) => {
        const verdict = judgePassword(text)
        return ['good', 'too_short', 'too_long', 'common'].includes(verdict)
      }),
      { seed: 49, numRuns: 200 },
    )
    expect(judgePassword('DRAGONMONKEY')).toBe(judgePassword('dragonmonkey'))
  })
})

it('common words are in the spelling that they are looked for in', () => {
  const wrong = [...COMMON_WORDS].filter((word) => word !== word.normalize('NFKC').toLowerCase())
  expect(wrong).toEqual([])
  expect(COMMON_WORDS.size).toBeGreaterThan(1_500)
  expect([...COMMON_WORDS].filter((word) => word.length < 4 || word.length > 16)).toEqual([])
})
