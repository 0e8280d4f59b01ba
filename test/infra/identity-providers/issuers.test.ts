import * as pulumi from '@pulumi/pulumi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { parseStack } from '../../../infra/config/index.ts'
import { createIdentityProvider } from '../../../infra/identity-providers/index.ts'

const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const admin = { clientId: 'c', clientSecret: 's' }
const client = { id: 'c', secret: 's' }

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as Record<string, unknown> }),
    call: () => ({}),
  }),
)
afterAll(() => pulumi.runtime.disconnect())

describe('the issuer, which is where endpoints are found,', () => {
  it.each<[string, object, string]>([
    ['google', { client }, 'https://accounts.google.com'],
    ['entra', { tenantId: ID, credentials: admin }, `https://login.microsoftonline.com/${ID}/v2.0`],
    ['auth0', { domain: 'acme.us.auth0.com', credentials: admin }, 'https://acme.us.auth0.com/'],
    [
      'okta',
      { domain: 'acme.okta.com', credentials: { apiToken: 't' }, allowedGroups: ['Everyone'] },
      'https://acme.okta.com',
    ],
    ['pingone', { environmentId: ID, credentials: admin }, `https://auth.pingone.com/${ID}/as`],
    ['oidc', { issuer: 'login.acme.example/tenant', client }, 'https://login.acme.example/tenant'],
  ])('of %s is made of what the stack file says', (kind, settings, issuer) => {
    const { sso } = parseStack({
      url: 'https://login.acme.example',
      identityProviders: { sso: { kind, ...settings } },
      routes: {},
    }).identityProviders
    if (!sso) throw new Error('the provider is gone')
    const parent = new pulumi.ComponentResource('test:index:Stack', kind)
    const folders = {
      root: '',
      bundles: '',
      gateway: () => '',
      sampleApp: '',
      machine: '/m',
      mailbox: '',
      identityProvider: () => '',
    }
    expect(createIdentityProvider({ id: 'sso', displayName: kind, parent, folders }, sso).issuer).toBe(issuer)
  })
})
