import { assert, nat, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatVersion, isAtLeast, isGoodVersion, parseVersion } from '../../../bin/pulumi-cli/version.ts'

describe('the version of a CLI', () => {
  it.each([
    ['v3.259.0\n', [3, 259, 0]],
    ['3.259.0-alpha.x12', [3, 259, 0]],
    ['go1.26.8', [1, 26, 8]],
    ['1.26', [1, 26, 0]],
  ])('is read from %j', (text, version) => {
    expect(parseVersion(text)).toEqual(version)
  })

  it.each(['', 'dev', 'vx.1.2', 'error: 3.259.0'])('is not read from %j', (text) => {
    expect(parseVersion(text)).toBeUndefined()
  })

  it.each(['3.200.0', '3.200.1', '3.259.0', '3.1000.0'])('is good: %s', (text) => {
    expect(isGoodVersion(parseVersion(text) ?? [0, 0, 0])).toBe(true)
  })

  it.each(['3.199.9', '2.999.0', '4.0.0', '0.0.0'])('is not good: %s', (text) => {
    expect(isGoodVersion(parseVersion(text) ?? [0, 0, 0])).toBe(false)
  })

  it('orders as its three numbers do, and reads what it writes', () => {
    const part = nat(2_000)
    assert(
      property(tuple(part, part, part), tuple(part, part, part), (left, right) => {
        const weight = ([major, minor, patch]: typeof left) => (major * 10_000 + minor) * 10_000 + patch
        expect(isAtLeast(left, right)).toBe(weight(left) >= weight(right))
        expect(parseVersion(formatVersion(left))).toEqual(left)
      }),
      { seed: 1 },
    )
  })
})
