import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { issuer } from '../../../infra/config/issuer.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'

/** What addresses are made of, and what makes others of them. */
const PIECES = [
  'https://',
  'http://',
  'HTTPS://',
  'acme.example',
  'localhost',
  '127.0.0.1',
  '.auth0.com',
  ':8443',
  '/',
].concat(['/.well-known/', '?', '#', '@', '..', ' ', '\\', '%2f', '[::1]', 'javascript:', 'realms', '\n'])
const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((parts) => parts.join(''))

describe('an issuer', () => {
  it.each([
    ['accounts.google.com', 'https://accounts.google.com'],
    [`login.microsoftonline.com/${TENANT}/v2.0`, `https://login.microsoftonline.com/${TENANT}/v2.0`],
    [`auth.pingone.com/${TENANT}/as`, `https://auth.pingone.com/${TENANT}/as`],
    ['Acme.Okta.com', 'https://acme.okta.com'],
    ['acme.us.auth0.com', 'https://acme.us.auth0.com/'],
    ['sso.acme.example:8443/realms/acme', 'https://sso.acme.example:8443/realms/acme'],
    ['https://acme.us.auth0.com/', 'https://acme.us.auth0.com/'],
    ['https://sso.acme.example/Realm', 'https://sso.acme.example/Realm'],
    ['http://localhost:9000', 'http://localhost:9000'],
  ])('written as %s is %s', (text, identifier) => {
    expect(issuer.parse(text)).toBe(identifier)
  })

  it.each([
    ['https://sso.acme.example/.well-known/openid-configuration', 'https://sso.acme.example'],
    ['accounts.google.com/.well-known/openid-configuration', 'https://accounts.google.com'],
    ['https://sso.acme.example/realms/a/.well-known/x?y#z', 'https://sso.acme.example/realms/a'],
    ['acme.us.auth0.com/.well-known/openid-configuration', 'https://acme.us.auth0.com/'],
  ])('is not %s, and the right one is named', (text, meant) => {
    expect(issuer.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
      `write the issuer, not the address of its document: ${meant}`,
    ])
  })

  it.each([
    'http://sso.acme.example',
    'ftp://sso.acme.example',
    'javascript:alert(1)//x',
    'https://sso.acme.example?x',
    'https://sso.acme.example/#x',
    'sso.acme.example?tenant=1',
    '',
    '/realms/acme',
    'sso acme',
  ])('is not %j', (text) => {
    expect(issuer.safeParse(text).success).toBe(false)
  })

  it('is safe to send a client to, or refused, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string()), (text) => {
        const { data } = issuer.safeParse(text)
        if (data === undefined) return
        expect(data).toMatch(/^https:\/\/|^http:\/\/(?:[^/]*\.)?localhost|^http:\/\/127\./)
        expect(data).not.toMatch(/[?#]|\/\.well-known\//)
        // Normalising twice changes nothing.
        expect(issuer.parse(data)).toBe(data)
      }),
      { seed: 20_261_122, numRuns: 1_000 },
    )
  })
})
