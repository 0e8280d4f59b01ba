import { describe, expect, it } from 'vitest'

import { likelyCause, refusedClientCause } from '../../../runtime/connection-test/cause.ts'
import { clockSkew, describeOffers, readOffers } from '../../../runtime/connection-test/offers.ts'

describe('what a provider can do', () => {
  it('is read from its document', () => {
    const offers = readOffers({
      id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256', 'ES256', 'EdDSA'],
      code_challenge_methods_supported: ['plain', 'S256'],
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
      frontchannel_logout_supported: true,
    })
    expect(describeOffers(offers)).toEqual([
      'signs with RS256, ES256, EdDSA',
      'PKCE (S256)',
      'names itself in answers (iss)',
      'back-channel sign-out',
    ])
  })

  it.each([
    [{ code_challenge_methods_supported: ['plain'] }, 'no PKCE with S256'],
    [{}, 'does not say whether it knows PKCE'],
    [{ frontchannel_logout_supported: true }, 'front-channel sign-out'],
    [
      { backchannel_logout_supported: 'yes', authorization_response_iss_parameter_supported: 1 },
      'tells of no sign-out',
    ],
    [{ authorization_response_iss_parameter_supported: 'true' }, 'does not name itself in answers (iss)'],
  ])('is nothing that the document does not say: %j', (document, words) => {
    expect(describeOffers(readOffers(document))).toContain(words)
  })
})

describe('the distance of two clocks', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  const skew = (headers: Record<string, string>) => clockSkew(new Headers(headers), now)

  it.each<[Record<string, string>, number | undefined]>([
    [{ date: 'Sun, 22 Nov 2026 12:00:00 GMT' }, 0],
    [{ date: 'Sun, 22 Nov 2026 12:02:00 GMT' }, 120],
    [{ date: 'Sun, 22 Nov 2026 11:58:00 GMT' }, -120],
    [{ date: 'Sun, 22 Nov 2026 11:00:00 GMT', age: '3600' }, 0],
    [{ date: 'Sun, 22 Nov 2026 12:00:00 GMT', age: 'long' }, 0],
    [{ date: 'yesterday' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (headers, expected) => {
    expect(skew(headers)).toBe(expected)
  })
})

describe('a likely cause', () => {
  const wrapped = (code: string) =>
    new Error('unreachable', { cause: new TypeError('fetch failed', { cause: { code } }) })
  it.each([
    ['ENOTFOUND', /no such host/],
    ['ECONNREFUSED', /Nothing listens/],
    ['UND_ERR_CONNECT_TIMEOUT', /proxy or firewall/],
    ['ECONNRESET', /cuts connections off/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', /not valid at this time/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another host’s/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /speaks no TLS/],
    ['ERR_PRIVATE_ADDRESS', /allowPrivateAddresses/],
    ['issuer_mismatch', /wrong tenant/],
    ['discovery_failed', /wrong tenant/],
  ])('is known of %s', (code, words) => {
    expect(likelyCause(wrapped(code))).toMatch(words)
  })

  it('is known of what took too long, and of nothing else', () => {
    expect(likelyCause(new DOMException('too slow', 'TimeoutError'))).toMatch(/proxy or firewall/)
    for (const other of [undefined, 'text', new Error('x'), { code: 7 }]) expect(likelyCause(other)).toBeUndefined()
  })

  it.each([
    ['it answered 401 (invalid_client: AADSTS7000222: expired keys)', 'entra', /has expired/],
    ['it answered 400 (unauthorized_client: AADSTS700016: not found)', 'entra', /not known there/],
    ['it answered 400 (unauthorized_client)', 'oidc', /authorization code grant/],
    ['it answered 401 (invalid_client)', 'google', /provider’s console/],
    ['it answered 401 (invalid_client)', 'okta', /this stack has registered/],
  ])('of a refused client: %s', (said, kind, words) => {
    expect(refusedClientCause(said, kind)).toMatch(words)
  })
})
