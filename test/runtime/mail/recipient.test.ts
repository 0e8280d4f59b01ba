import fc from 'fast-check'
import { expect, it } from 'vitest'

import { readRecipient } from '../../../runtime/mail/recipient.ts'
import { anyCharacter } from '../../support/any-character.ts'

it.each([
  ['alice@acme.example', 'alice@acme.example', 'acme.example'],
  ['Alice+tag@ACME.example', 'Alice+tag@acme.example', 'acme.example'],
  ['josé@münchen.example', 'josé@xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
  ["o'neil@localhost", "o'neil@localhost", 'localhost'],
])('mail to %s goes to %s', (value, address, domain) => {
  expect(readRecipient(value)).toEqual({ address, domain })
})

it.each([
  '',
  'alice',
  '@acme.example',
  'alice@',
  'alice@acme.example, bob@evil.example',
  'alice@acme.example\r\nRCPT TO:<bob@evil.example>',
  'alice@acme.example>',
  '<alice@acme.example>',
  '"alice@evil.example x"@acme.example',
  'alice@evil.example@acme.example',
  'alice@acme..example',
  'alice@.acme.example',
  'alice@-acme.example',
  'alice@[127.0.0.1]',
  'alice@acme.example/path',
  'alice@acme.exa\r\nmple',
  'alice@acme%2eexample',
  'alice@1',
  'alice@127.0.0.1',
  'ali ce@acme.example',
  'alice\u0000@acme.example',
  'alice(comment)@acme.example',
  '.alice@acme.example',
  'alice.@acme.example',
  `${'a'.repeat(65)}@acme.example`,
  `alice@${'a.'.repeat(130)}example`,
])('mail goes nowhere for %j', (value) => {
  expect(readRecipient(value)).toBeUndefined()
})

it('what passes is one address, in which no command, list or route has room', () => {
  const part = fc.constantFrom(
    'alice',
    '@',
    '.',
    ' ',
    '\r\n',
    '<',
    '>',
    ',',
    ';',
    '"',
    '(',
    ':',
    'acme.example',
    'é',
    '%',
  )
  const hostile = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(hostile, (value) => {
      const address = readRecipient(value)?.address ?? 'nobody@nowhere'
      expect(address).toMatch(/^[^\s<>,;:"()\\[\]@\p{Cc}]+@[a-z0-9.-]+$/u)
    }),
    { seed: 7, numRuns: 400 },
  )
})
