import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { expressionMistake } from '../../../../infra/config/relying-parties/jmespath.ts'

describe('an expression', () => {
  it.each([
    'sub',
    'address.locality',
    '"https://acme.example/roles"[0]',
    "contains(groups, 'admins') && 'Admin' || 'Member'",
    "groups[?starts_with(@, 'acme-')] | [0]",
    "'it\\'s'",
    '`true`',
    '`{"a": [1, 2]}`',
    "email == 'alice@acme.example'",
    'age >= `18` && age != `19`',
    '{a: b, c: [d, e]}',
    '"==" == `"="`',
  ])('%s is let pass', (text) => {
    expect(expressionMistake(text)).toBeUndefined()
  })

  it.each([
    ["contains(groups, 'admins'", 'a ) is missing'],
    ["contains(groups, 'admins'))", 'there is a ) without its beginning'],
    ['[a)', 'there is a ) without its beginning'],
    ["contains(groups, 'admins)", 'a quotation mark is left open'],
    ['`true', 'a quotation mark is left open'],
    ['`Member`', '`Member` is no literal'],
    ["role = 'x'", 'write == or != to compare'],
    ["role === 'x'", 'write == or != to compare'],
    ["contains(groups, 'a') &&", 'its end is missing'],
    ['address.', 'its end is missing'],
  ])('%s is denied: %s', (text, words) => {
    expect(expressionMistake(text)).toContain(words)
  })

  it('is looked at to its end, whatever it is', () => {
    const hostile = fc.string({ unit: fc.constantFrom("'", '"', '`', '\\', '(', ')', '[', ']', '=', '|', 'a', ' ') })
    fc.assert(
      fc.property(hostile, (text) => {
        const words = expressionMistake(text)
        expect(words === undefined || words.length > 0).toBe(true)
      }),
      { seed: 8, numRuns: 300 },
    )
    for (const part of ["'", '\\', "'\\", '`', '((', '|']) {
      expect(typeof expressionMistake(part.repeat(500))).toMatch(/string|undefined/)
    }
  })
})
