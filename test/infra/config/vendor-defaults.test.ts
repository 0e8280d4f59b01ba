import { describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../../infra/config/index.ts'

const TENANT = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const admin = { clientId: 'c', clientSecret: 's' }
const client = { id: 'c', secret: 's' }

function providerOf(settings: object) {
  const url = 'https://login.acme.example'
  return parseStack({ url, identityProviders: { sso: settings }, routes: {} }).identityProviders['sso']
}

describe('a provider of which nothing more is said', () => {
  // Each as briefly as it can be written, and the scopes that are asked for besides.
  it.each<[string, object, string[]]>([
    ['google', { client }, []],
    ['entra', { tenantId: TENANT, credentials: admin }, ['offline_access']],
    ['auth0', { domain: 'acme.us.auth0.com', credentials: admin }, ['offline_access']],
    [
      'okta',
      { domain: 'acme.okta.com', credentials: { apiToken: 't' }, allowedGroups: ['Everyone'] },
      ['groups', 'offline_access'],
    ],
    ['pingone', { environmentId: TENANT, credentials: admin }, ['offline_access']],
    ['keycloak', { url: 'https://id.acme.example', realm: 'acme', credentials: admin }, []],
    ['oidc', { issuer: 'https://login.acme.example', client }, []],
  ])('begins with the same defaults at %s', (kind, settings, besides) => {
    const provider = providerOf({ kind, ...settings })
    expect(provider).toMatchObject({
      kind,
      enabled: true,
      authMethod: 'client_secret_post',
      provisioning: 'auto',
      allowedDomains: [],
      emailTrust: 'verify-with-claim',
      linking: 'confirm',
    })
    const [openid, profile, email, ...more] = provider?.scopes ?? []
    expect([openid, profile, email]).toEqual(['openid', 'profile', 'email'])
    expect(new Set(more)).toEqual(new Set(besides))
  })

  it('may be Auth0 under a domain of one’s own, as any provider is written', () => {
    expect(providerOf({ kind: 'oidc', issuer: 'https://id.acme.example/', client })).toMatchObject({
      issuer: 'https://id.acme.example/',
      client: { id: 'c' },
    })
  })
})

describe('a provider of another protocol', () => {
  it('is refused, with the kinds that there are', () => {
    expect(() => providerOf({ kind: 'saml', domain: 'acme.okta.com' })).toThrow(StackConfigError)
    expect(() => providerOf({ kind: 'saml', domain: 'acme.okta.com' })).toThrow(/kind must be one of .*\boidc\b/)
  })
})
