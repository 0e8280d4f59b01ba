import { describe, expect, it } from 'vitest'

import { LANGUAGES } from '../../../runtime/languages/index.ts'
import { markup, refusalWords } from '../../../runtime/pages/index.ts'
import { pageWords } from '../../../runtime/pages/words/index.ts'

/** Every text of a dictionary, by its path; what takes something is given a mark. */
function texts(words: object, path = ''): [path: string, text: string][] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    const at = `${path}/${name}`
    if (typeof value === 'string') return [[at, value]]
    if (typeof value === 'function') return [[at, String(value.length === 1 ? value(7) : value(MARK, MARK))]]
    return texts(value as object, at)
  })
}

const MARK = markup`[7]`

/** What is the same word in several languages. */
const SHARED = /\/(?:optional|utc|pages|domains)$|^\/cli\/duration$/

describe.each(LANGUAGES)('the words in %s', (language) => {
  const all = [...texts(pageWords(language)), ...texts(refusalWords(language))]

  it('are there, whole and tidy', () => {
    expect(all.length).toBeGreaterThan(150)
    for (const [path, text] of all) {
      expect(text, path).not.toBe('')
      expect(text, path).not.toMatch(/^\s|\s$|\s{2}|undefined|\[object/)
      // Typographic ones, as in print.
      expect(text, path).not.toMatch(/'|"/)
    }
  })

  it('name what they are given', () => {
    for (const [path, text] of texts(givenOnly(pageWords(language)))) expect(text, path).toContain('7')
  })

  it('are not left in English', () => {
    if (language === 'en') return
    const english = new Map([...texts(pageWords('en')), ...texts(refusalWords('en'))])
    const same = all.filter(([path, text]) => text === english.get(path) && !SHARED.test(path))
    expect(same.filter(([, text]) => /\p{L}/u.test(text.replace('[7]', '')))).toEqual([])
  })

  it('end their sentences', () => {
    for (const [code, { title, message, causes = [] }] of Object.entries(refusalWords(language).texts)) {
      expect(title, code).not.toMatch(/[.。]$/)
      for (const sentence of [message, ...causes]) expect(sentence, code).toMatch(/[.:。：]$/)
    }
  })
})

/** A dictionary without what is said always alike. */
function givenOnly(words: object): object {
  return Object.fromEntries(
    Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
      if (typeof value === 'function') return [[name, value]]
      return typeof value === 'object' && value !== null ? [[name, givenOnly(value)]] : []
    }),
  )
}
