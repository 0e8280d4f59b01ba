import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'

import { chooseLanguage, isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../../../runtime/languages/index.ts'
import { anyCharacter } from '../../support/any-character.ts'

describe('the language of a page', () => {
  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE-at', 'de'],
    ['fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5', 'fr'],
    ['en;q=0.2, ja;q=0.8', 'ja'],
    ['en ; q=0.2 , es ; q=0.3', 'es'],
    ['pt-BR, es;q=0.5', 'es'],
    ['zh-Hans, ko', 'en'],
    ['*', 'en'],
    ['', 'en'],
    ['de;q=0, fr;q=0.001', 'fr'],
    ['de;q=0', 'en'],
    ['de;q=1.000, fr', 'de'],
    ['de;q=1.001, fr', 'fr'],
    ['de;q=high, fr;q=0.1', 'fr'],
    ['de;q=-1, fr;q=0.1', 'fr'],
    ['de;q=1e3, fr;q=0.1', 'fr'],
    ['constructor, __proto__, ja', 'ja'],
  ])('is, by Accept-Language "%s", %s', (accepted, language) => {
    expect(chooseLanguage(undefined, accepted)).toBe(language)
  })

  it('is English where nobody says anything', () => {
    expect(chooseLanguage(undefined, undefined)).toBe('en')
    expect(chooseLanguage(undefined, null)).toBe('en')
  })

  it('is the one that somebody chose, whatever the browser says', () => {
    expect(chooseLanguage('ja', 'de')).toBe('ja')
  })

  it('is not one that somebody chose and that there is not', () => {
    expect(chooseLanguage('tlh', 'de')).toBe('de')
    expect(chooseLanguage('toString', 'de')).toBe('de')
    expect(chooseLanguage('DE', undefined)).toBe('en')
  })

  it('is one of ours, whatever header comes', () => {
    const token = fc.constantFrom('de', 'en-US', 'q=', 'q=0.5', ';', ',', ' ', '*', '-', '\t', ';q=0', 'ja', '.', '9')
    const header = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.array(token, { maxLength: 60 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(
        fc.option(fc.constantFrom('de', 'xx', '', 'toString'), { nil: undefined }),
        header,
        (chosen, accepted) => {
          expect(LANGUAGES).toContain(chooseLanguage(chosen, accepted))
        },
      ),
      { seed: 7, numRuns: 200 },
    )
  })

  it('reads no more than 32 ranges, and blanks in one step each', () => {
    expect(chooseLanguage(undefined, `${'xx,'.repeat(32)}de`)).toBe('en')
    expect(chooseLanguage(undefined, `de${' '.repeat(500_000)}x`)).toBe('en')
  })
})

test('every language has a name of its own, which its formats know', () => {
  for (const language of LANGUAGES) {
    expect(isLanguage(language)).toBe(true)
    expect(new Intl.DisplayNames(language, { type: 'language' }).of(language)?.toLowerCase()).toBe(
      LANGUAGE_NAMES[language].toLowerCase(),
    )
  }
})
