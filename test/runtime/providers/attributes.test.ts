import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { claimAt, profileText, readProfile } from '../../../runtime/providers/attributes.ts'
import { providerConfig } from '../../support/evil-provider/index.ts'

const { attributes } = providerConfig('https://idp.acme.example')

describe('a claim', () => {
  const claims = {
    name: 'Alice',
    address: { locality: 'Berlin', geo: { lat: 52 }, list: [{ x: 1 }] },
    'https://acme.example/company': 'Acme',
    'address.locality': 'Hamburg',
  }

  it.each<[string, unknown]>([
    ['name', 'Alice'],
    ['address.geo.lat', 52],
    ['https://acme.example/company', 'Acme'],
    // The very name comes first: claims of other makers have dots.
    ['address.locality', 'Hamburg'],
    ['address.geo', { lat: 52 }],
    ['missing', undefined],
    ['name.first', undefined],
    ['address.list.0', undefined],
    ['address.missing.lat', undefined],
    ['toString', undefined],
    ['constructor.name', undefined],
    ['__proto__', undefined],
    ['address.__proto__.toString', undefined],
    ['', undefined],
    ['.', undefined],
    ['a.'.repeat(1_000), undefined],
  ])('%j is found, or not', (path, expected) => {
    expect(claimAt(claims, path)).toEqual(expected)
  })
})

describe('a profile', () => {
  it('is what the attributes find, with their defaults', () => {
    const mapped = {
      ...attributes,
      company: { claim: 'org.name', default: 'Acme' },
      location: { claim: 'address.locality' },
      website: { claim: 'site', default: 'https://acme.example' },
    }
    const claims = {
      name: 'Alice',
      address: { locality: 'Berlin' },
      org: { name: 7 },
      picture: 'https://a.example/p.png',
    }
    expect(readProfile(claims, { attributes: mapped })).toEqual({
      name: 'Alice',
      company: 'Acme',
      location: 'Berlin',
      website: 'https://acme.example/',
      picture: 'https://a.example/p.png',
    })
    expect(readProfile({}, { attributes })).toEqual({})
  })

  it.each<[Parameters<typeof profileText>[0], unknown, string | undefined]>([
    ['name', ' Alice \n Archer\u0000 ', 'Alice Archer'],
    ['name', 'x'.repeat(300), 'x'.repeat(256)],
    ['name', `${'x'.repeat(255)}🦊`, 'x'.repeat(255)],
    ['name', '   ', undefined],
    ['name', 7, undefined],
    ['name', ['Alice'], undefined],
    ['picture', 'https://a.example/p.png', 'https://a.example/p.png'],
    ['picture', 'http://a.example/p.png', 'http://a.example/p.png'],
    ['picture', 'data:image/png;base64,AAAA', undefined],
    ['picture', 'javascript:alert(1)', undefined],
    ['website', 'alice.example', undefined],
    ['website', 'https://alice:secret@a.example', undefined],
    ['website', `https://a.example/${'x'.repeat(3_000)}`, undefined],
  ])('keeps in %s of %j what may stand there', (field, value, expected) => {
    expect(profileText(field, value)).toBe(expected)
  })

  it('is short lines and web addresses, whatever is claimed', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.webUrl(), fc.constant(['x']))
    const mayStand = ([field, text]: [string, string]) => {
      const isAddress = field === 'picture' || field === 'website'
      return !/\p{Cc}/u.test(text) && text.isWellFormed() && text.length <= (isAddress ? 2_048 : 256)
    }
    fc.assert(
      fc.property(fc.array(anything, { minLength: 7, maxLength: 7 }), (values) => {
        const claims = Object.fromEntries(Object.values(attributes).map(({ claim }, index) => [claim, values[index]]))
        return Object.entries(readProfile(claims, { attributes })).every(mayStand)
      }),
      { seed: 34, numRuns: 100 },
    )
  })
})
