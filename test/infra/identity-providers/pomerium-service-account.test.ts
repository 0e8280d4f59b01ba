import { describe, expect, it } from 'vitest'

import type { DirectoryCredential } from '../../../infra/identity-providers/directory-credential.ts'
import { pomeriumServiceAccount } from '../../../infra/identity-providers/pomerium-service-account.ts'

const client = { clientId: 'client-1', clientSecret: 'päss/wörd' }
const entra = {
  kind: 'entra',
  tenantId: '7f1c7a3e-0000-4000-8000-1234567890ab',
  authority: 'https://login.microsoftonline.com',
  graphUrl: 'https://graph.microsoft.com',
  ...client,
} as const
const pingone = {
  kind: 'pingone',
  apiUrl: 'https://api.pingone.com/v1',
  issuer: 'https://auth.pingone.com/e-1/as',
  environmentId: 'e-1',
  ...client,
} as const

function decoded(credential: DirectoryCredential): unknown {
  const account = pomeriumServiceAccount(credential)
  return account === undefined ? undefined : (JSON.parse(Buffer.from(account, 'base64').toString()) as unknown)
}

describe('pomeriumServiceAccount', () => {
  it('writes a brought Okta token as Pomerium’s guide does', () => {
    const account = pomeriumServiceAccount({ kind: 'okta-token', url: 'https://acme.okta.com', apiToken: 'XXXXXXXXXX' })
    expect(account).toBe(Buffer.from('{"api_key":"XXXXXXXXXX"}').toString('base64'))
  })

  it('writes an application of Entra with its directory', () => {
    expect(decoded(entra)).toEqual({
      client_id: 'client-1',
      client_secret: 'päss/wörd',
      directory_id: '7f1c7a3e-0000-4000-8000-1234567890ab',
    })
  })

  it('writes an application of Auth0 without an address: Pomerium takes that from idp_provider_url', () => {
    const url = 'https://acme.eu.auth0.com'
    expect(decoded({ kind: 'auth0', url, audience: `${url}/api/v2/`, ...client })).toEqual({
      client_id: 'client-1',
      secret: 'päss/wörd',
    })
  })

  it('adds the administrator to the key of Google’s service account, and keeps all of it', () => {
    const key = {
      type: 'service_account',
      client_email: 'sync@acme.example',
      private_key: 'a\nb\n',
      token_uri: 'https://t',
    }
    const credential: DirectoryCredential = {
      kind: 'google',
      apiUrl: 'https://admin.googleapis.com',
      serviceAccountKey: JSON.stringify(key),
      impersonate: 'admin@acme.example',
      scopes: [],
    }
    expect(decoded(credential)).toEqual({ ...key, impersonate_user: 'admin@acme.example' })
  })

  it('writes a worker of PingOne with its environment', () => {
    expect(decoded(pingone)).toEqual({ client_id: 'client-1', client_secret: 'päss/wörd', environment_id: 'e-1' })
  })

  it.each<[string, DirectoryCredential]>([
    ['Okta’s service app', { kind: 'okta', url: 'https://acme.okta.com', clientId: 'c', privateJwk: '{}', scopes: [] }],
    ['Pocket ID', { kind: 'pocket-id', url: 'https://id.acme.example', apiKey: 'key' }],
    ['Keycloak', { kind: 'keycloak', url: 'https://sso.acme.example', realm: 'acme', ...client }],
    ['a national cloud of Entra', { ...entra, authority: 'https://login.microsoftonline.us' }],
    ['another region of PingOne', { ...pingone, apiUrl: 'https://api.pingone.eu/v1' }],
  ])('has no form for %s', (_what, credential) => {
    expect(pomeriumServiceAccount(credential)).toBeUndefined()
  })
})
