import { describe, expect, it } from 'vitest'

import { parseStack } from '../../../infra/config/index.ts'

const TENANT = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const admin = { clientId: 'c', clientSecret: 's' }

// The vendors of docs/federated-login.md, each as briefly as it can be written.
const vendors: Record<string, Record<string, unknown>> = {
  google: { client: { id: 'c', secret: 's' } },
  entra: { tenantId: TENANT, credentials: admin },
  auth0: { domain: 'acme.us.auth0.com', credentials: admin },
  okta: { domain: 'acme.okta.com', credentials: { apiToken: 't' }, allowedGroups: ['Everyone'] },
  pingone: { environmentId: TENANT, credentials: admin },
  oidc: { issuer: 'https://login.acme.example', client: { id: 'c', secret: 's' } },
}

describe('a provider of which nothing more is said', () => {
  it.each(Object.entries(vendors))('begins with the same defaults at %s', (kind, settings) => {
    const { identityProviders } = parseStack({
      url: 'https://login.acme.example',
      identityProviders: { sso: { kind, ...settings } },
      routes: {},
    })
    const { scopes, ...rest } = identityProviders['sso'] ?? { scopes: [] }
    expect(scopes.slice(0, 3)).toEqual(['openid', 'profile', 'email'])
    expect(['offline_access', 'groups']).toEqual(expect.arrayContaining(scopes.slice(3)))
    expect(rest).toMatchObject({
      kind,
      enabled: true,
      authMethod: 'client_secret_post',
      provisioning: 'auto',
      allowedDomains: [],
      emailTrust: 'verify-with-claim',
      linking: 'confirm',
    })
  })

  it('may be Auth0 under a domain of one’s own, as any provider is written', () => {
    const { identityProviders } = parseStack({
      url: 'https://login.acme.example',
      identityProviders: { sso: { kind: 'oidc', issuer: 'id.acme.example/', client: { id: 'c', secret: 's' } } },
      routes: {},
    })
    expect(identityProviders['sso']).toMatchObject({ issuer: 'https://id.acme.example/' })
  })
})
