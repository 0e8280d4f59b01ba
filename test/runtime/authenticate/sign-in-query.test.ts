import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { lastUsedFirst, offerOf, onlyProvider, providerOfAddress } from '../../../runtime/authenticate/offer.ts'
import { readLoginHint, readOwnPage, signInQuery } from '../../../runtime/authenticate/sign-in-query.ts'
import { baseConfig, brandAt } from '../../support/release.ts'

const ADDRESS = { listenPort: 1, adminPort: 2, appPort: 3, issuer: 'http://idp.gw.localhost:4' }

describe('a page to come back to', () => {
  it('is one of an account or of administration, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.string(), (url, text) => {
        for (const value of [url, text, `/account${text}`, `//${text}`]) {
          const page = readOwnPage(value)
          if (page === undefined) continue
          const { origin, pathname } = new URL(page, 'https://login.acme.example')
          expect(origin).toBe('https://login.acme.example')
          expect(pathname).toMatch(/^\/(?:account|admin)(?:\/|$)/)
        }
      }),
      { seed: 11 },
    )
    expect(readOwnPage('/account/security')).toBe('/account/security')
  })
})

describe('a login hint', () => {
  it.each(['', '  ', 'a\u0000b', 'x'.repeat(255)])('is left out when nobody could have typed it: %j', (hint) => {
    expect(readLoginHint(hint)).toBeUndefined()
  })

  it('is held to only where there is one', () => {
    expect(signInQuery({ holdsToHint: true })).toBe('')
    expect(signInQuery({ loginHint: 'a@b.example', holdsToHint: true })).toBe('?login_hint=a%40b.example&hold=1')
  })
})

describe('what is offered', () => {
  const config = baseConfig(ADDRESS)
  const acme = config.identityProviders['acme']!
  const known = {
    identityProviders: {
      acme: { ...acme, allowedDomains: ['acme.example'] },
      open: acme,
      gone: { ...acme, enabled: false, allowedDomains: ['gone.example'] },
    },
  }
  const brand = {
    ...brandAt('http://login.gw.localhost:1', ['acme', 'open', 'gone']),
    password: 'on',
    passkeys: true,
  } as const

  it('is what the brand has, enabled, and the route takes', () => {
    expect(offerOf(known, brand)).toEqual({ identityProviders: ['acme', 'open'], password: true, passkeys: true })
    const forRoute = offerOf(known, brand, { identityProviders: ['open'] })
    expect(forRoute).toEqual({ identityProviders: ['open'], password: false, passkeys: false })
    expect(onlyProvider(forRoute)).toBe('open')
    expect(onlyProvider({ ...forRoute, passkeys: true })).toBeUndefined()
  })

  it('leads an address to the provider of its domain, and none to one that takes any', () => {
    const offer = offerOf(known, brand)
    expect(providerOfAddress(known, offer, 'a@acme.example')).toBe('acme')
    for (const email of ['a@gone.example', 'a@sub.acme.example', 'a@other.example']) {
      expect(providerOfAddress(known, offer, email)).toBeUndefined()
    }
  })

  it('has first what was used last, if it is offered at all', () => {
    expect(lastUsedFirst(['a', 'b'], 'b')).toEqual(['b', 'a'])
    expect(lastUsedFirst(['a', 'b'], 'c')).toEqual(['a', 'b'])
  })
})
