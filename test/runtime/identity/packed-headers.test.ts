import { expect, it } from 'vitest'

import type { Header } from '../../../runtime/identity/index.ts'
import { HeaderPacker } from '../../../runtime/identity/packed-headers.ts'

const assertion = (token: string): Header => ['X-Gatewright-Assertion', token]

it.each<[what: string, headers: Header[]]>([
  ['an assertion alone', [assertion('head.payload.signature')]],
  ['an assertion by another key', [assertion('other.payload.signature')]],
  ['an assertion with other headers', [assertion('head.payload.signature'), ['X-Team', 'staff']]],
  ['another header alone', [['X-Team', 'head.payload.signature']]],
  ['what is no token', [assertion('head')]],
  ['nothing', []],
])('gives back %s as it was', (_, headers) => {
  const packer = new HeaderPacker()
  packer.pack([assertion('head.first.signature')])
  expect(packer.unpack(packer.pack(headers))).toEqual(headers)
})

it('gives back the first of all, and one without a dot before any', () => {
  for (const token of ['head.payload.signature', 'none']) {
    const packer = new HeaderPacker()
    expect(packer.unpack(packer.pack([assertion(token)]))).toEqual([assertion(token)])
    expect(packer.unpack(packer.pack([assertion('other.payload.signature')]))).toEqual([
      assertion('other.payload.signature'),
    ])
  }
})
