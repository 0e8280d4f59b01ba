import { expect, it } from 'vitest'

import type { Header } from '../../../runtime/identity/index.ts'
import { HeaderPacker } from '../../../runtime/identity/packed-headers.ts'

const assertion = (token: string): Header => ['X-Gatewright-Assertion', token]

const unpack = (packer: HeaderPacker, packed: Buffer | undefined) =>
  packed && packer.unpack(Buffer.concat([Buffer.from('before'), packed, Buffer.from('after')]), 6, 6 + packed.length)

it('gives an assertion back as it was, in fewer bytes', () => {
  const packer = new HeaderPacker()
  for (const token of [
    'aGVhZA.Zmlyc3Q.c2lnbmF0dXJl',
    `aGVhZA.${'cGF5bG9hZA'.repeat(40)}.c2lnbmF0dXJl`,
    'aGVhZA..',
    'aGVhZA.YQ.cGF5bG9hZB',
  ]) {
    const packed = packer.pack([assertion(token)])
    expect(unpack(packer, packed)).toEqual([assertion(token)])
    expect(packed?.length).toBeLessThan(token.length)
  }
})

it.each<[what: string, headers: Header[]]>([
  ['an assertion by another key', [assertion('b3RoZXI.cGF5bG9hZA.c2lnbmF0dXJl')]],
  ['an assertion with other headers', [assertion('aGVhZA.cGF5bG9hZA.c2lnbmF0dXJl'), ['X-Team', 'staff']]],
  ['another header alone', [['X-Team', 'aGVhZA.cGF5bG9hZA.c2lnbmF0dXJl']]],
  ['one in other characters', [assertion('aGVhZA.cGF5+G9hZA.c2lnbmF0dXJl')]],
  ['one with a fourth part', [assertion('aGVhZA.cGF5bG9hZA.c2lnbmF0dXJl.bW9yZQ')]],
  ['one that is too long', [assertion(`aGVhZA.${'cGF5bG9hZA'.repeat(10_000)}.c2lnbmF0dXJl`)]],
  ['what is no token', [assertion('aGVhZA')]],
  ['nothing', []],
])('does not pack %s', (_, headers) => {
  const packer = new HeaderPacker()
  packer.pack([assertion('aGVhZA.Zmlyc3Q.c2lnbmF0dXJl')])
  expect(packer.pack(headers)).toBeUndefined()
})
