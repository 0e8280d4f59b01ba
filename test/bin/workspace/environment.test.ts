import { execFileSync } from 'node:child_process'
import { assert, constantFrom, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderEnvironment } from '../../../bin/workspace/environment.ts'

const evaluate = (commands: string) =>
  execFileSync(
    '/bin/sh',
    ['-c', `${commands}\n/usr/bin/printf '%s\\0' "$VALUE" "$PATH" "\${PULUMI_CONFIG_PASSPHRASE-unset}"`],
    {
      encoding: 'utf8',
      env: { PATH: '/old', PULUMI_CONFIG_PASSPHRASE: 'x' },
    },
  ).split('\0')

describe('what a terminal evaluates', () => {
  it('gives every value back as it was, and keeps the old PATH behind the new folders', () => {
    const text = string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !value.includes('\0'))
    const hostile = constantFrom(`'`, `'; exit 1; '`, '$(exit 1)', '`exit 1`', '"', '\\', '\n', ' ', '!', '~')
    assert(
      property(oneof(hostile, text), oneof(hostile, text), (value, folder) => {
        const [seen, path, passphrase] = evaluate(renderEnvironment({ VALUE: value }, [`/${folder}`, '/second']))
        expect(seen).toBe(value)
        expect(path).toBe(`/${folder}:/second:/old`)
        expect(passphrase).toBe('unset')
      }),
      { seed: 7, numRuns: 25 },
    )
  })
})
