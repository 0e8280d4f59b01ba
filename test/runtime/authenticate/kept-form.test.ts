import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readRepeatableForm } from '../../../runtime/authenticate/kept-form.ts'
import { anyCharacter } from '../../support/any-character.ts'

describe('a form', () => {
  it('that a browser wrote is read in its order, names twice and empty values with it', () => {
    expect(readRepeatableForm('b=2&a=1&b=&%C3%A4=%F0%9F%98%80+%2B%26%3D')).toEqual([
      ['b', '2'],
      ['a', '1'],
      ['b', ''],
      ['ä', '😀 +&='],
    ])
    expect(readRepeatableForm('')).toEqual([])
  })

  it.each([
    ['in another encoding', 'a=%E9'],
    ['with raw bytes', 'a=\u00e9'],
    ['with NUL', 'a=%00'],
    ['with a lone LF', 'a=1%0A2'],
    ['with a lone CR', 'a=1%0D2'],
    ['with CR and LF the wrong way round', 'a=1%0A%0D2'],
    ['with a line break in a name', 'a%0A=1'],
    ['with a field that has no name', '=1'],
    ['with a field that has no equals sign', 'a'],
    ['with lower-case escapes', 'a=%c3%a4'],
    ['with needless escapes', 'a=%61'],
    ['with blanks as they are', 'a=1 2'],
    ['with a dangling ampersand', 'a=1&'],
    ['in plain text', 'a=1\r\nb=2\r\n'],
    ['in JSON', '{"a":1}'],
    ['with more fields than a person fills in', 'a=1&'.repeat(1_000) + 'a=1'],
  ])('%s is not kept', (_, body) => {
    expect(readRepeatableForm(body)).toBeUndefined()
  })

  /** What a browser writes for a form that was read; the body itself where it was not. */
  const writtenAgain = (body: string): string => {
    const fields = readRepeatableForm(body)
    return fields ? new URLSearchParams(fields.map(([name, value]) => [name, value])).toString() : body
  }

  it('that is read is written alike again, whatever is in it', () => {
    const text = fc.string({ unit: anyCharacter })
    const written = fc
      .array(fc.tuple(text, text), { maxLength: 6 })
      .map((fields) => new URLSearchParams(fields).toString())
    fc.assert(
      fc.property(fc.oneof(written, fc.string({ unit: anyCharacter, maxLength: 40 })), (body) => {
        expect(writtenAgain(body)).toBe(body)
      }),
      { seed: 20_261_122, numRuns: 300 },
    )
  })
})
