import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { oneLine, unlinkedName } from '../../../runtime/mail/names.ts'
import { anyCharacter } from '../../support/any-character.ts'

describe('a name in a mail', () => {
  it.each([
    ['Alice\r\nBcc: bob@evil.example', 'Alice Bcc: bob@evil.example'],
    ['Alice\u2028Bob\u0085Carol', 'Alice Bob Carol'],
    ['\u202eecilA', 'ecilA'],
    ['  Alice \t Example ', 'Alice Example'],
    ['José 山田 👩‍👩‍👧', 'José 山田 👩‍👩‍👧'],
    ['\u0000\n', ''],
    ['\ud800Alice', '\ufffdAlice'],
  ])('%j is %j', (name, shown) => {
    expect(oneLine(name)).toBe(shown)
  })

  it('has 80 characters at most, none of them cut in two', () => {
    const family = '👩‍👩‍👧'
    expect(oneLine(family.repeat(100))).toBe(`${family.repeat(79)}…`)
    expect(oneLine('a'.repeat(80))).toBe('a'.repeat(80))
    expect(oneLine(`a${'\u0301'.repeat(1_000_000)}`).length).toBeLessThanOrEqual(1_000)
  })

  it('has no line end, control or turned direction, whatever it was', () => {
    const unit = fc.oneof(
      fc.constantFrom('\r', '\n', '\u2028', '\u202e', '\u2066', '\u0085', '\0', ' ', 'a', '😀'),
      fc.string({ unit: anyCharacter, maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 300 }), (units) => {
        expect(oneLine(units.join(''))).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})

describe('a name that anybody may choose', () => {
  it.each(['Win at https://evil.example/x now', 'evil.example', 'Alice (alice@acme.example)', 'evil。example'])(
    'is no link: %s',
    (name) => {
      const shown = unlinkedName(name)
      expect(shown).not.toMatch(/[.。@]\w|:\/\//u)
      expect(shown.replaceAll('\u2060', '')).toBe(name)
    },
  )

  it('stays as it is where it was none', () => {
    expect(unlinkedName('Dr. Alice Example Jr.')).toBe('Dr. Alice Example Jr.')
  })
})
