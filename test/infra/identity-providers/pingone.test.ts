import { describe, expect, it } from 'vitest'

import { parseStack, type PingOneSettings, StackConfigError } from '../../../infra/config/index.ts'
import type { ClientRequest } from '../../../infra/identity-providers/identity-provider.ts'
import { clientInputs, directoryInputs, issuerOf } from '../../../infra/identity-providers/pingone/inputs.ts'

const ENVIRONMENT = 'b4ee64a5-6f3b-4b4c-9c3d-1f0c7a3f6a11'
const OTHER = '0b7e1b5d-6c0f-4e0a-9d1c-7f6f3c1f2a10'
const written = {
  kind: 'pingone',
  environmentId: ENVIRONMENT,
  credentials: { clientId: 'worker', clientSecret: 'worker-secret' },
}
const request: ClientRequest = {
  relyingParty: 'gateway',
  clientName: 'login.acme.example (production)',
  redirectUris: ['https://login.acme.example/callback/ping'],
  postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
  homeUrl: 'https://login.acme.example',
  pkce: true,
}

describe('the client of PingOne', () => {
  it('asks for what people sign in with, and for nothing more', () => {
    const { credentials, ...inputs } = clientInputs(settings(), request, ['group-1'])
    expect(credentials.clientId).toBe('worker')
    expect(inputs).toEqual({
      domain: 'pingone.com',
      environmentId: ENVIRONMENT,
      name: 'login.acme.example (production)',
      type: 'WEB_APP',
      enabled: true,
      grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
      redirectUris: ['https://login.acme.example/callback/ping'],
      postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
      tokenEndpointAuthMethod: 'CLIENT_SECRET_POST',
      pkceEnforcement: 'S256_REQUIRED',
      homePageUrl: 'https://login.acme.example',
      accessGroups: ['group-1'],
      accessGroupType: 'ANY_GROUP',
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      attributes: { sub: '${user.id}', groups: '${user.memberOfGroupNames}' },
    })
    expect(inputs).not.toHaveProperty('roles')
    expect(inputs).not.toHaveProperty('takeOver')
  })

  it('may not refresh when the stack file leaves offline_access out', () => {
    const inputs = clientInputs(settings({ scopes: ['openid', 'email'] }), request, [])
    expect(inputs).toMatchObject({ grantTypes: ['AUTHORIZATION_CODE'], scopes: ['openid', 'email'] })
  })

  it('sends its secret as the stack file says', () => {
    const inputs = clientInputs(settings({ authMethod: 'client_secret_basic' }), request, [])
    expect(inputs.tokenEndpointAuthMethod).toBe('CLIENT_SECRET_BASIC')
  })

  it('takes over the application that the stack file names', () => {
    expect(clientInputs(settings(), { ...request, import: OTHER }, []).takeOver).toBe(OTHER)
  })
})

describe('the directory worker of PingOne', () => {
  it('reads users and groups, and can neither sign anybody in nor change anything', () => {
    const inputs = directoryInputs(settings({ directory: true, import: OTHER }), 'login.acme.example directory')
    expect(inputs).toMatchObject({
      name: 'login.acme.example directory',
      type: 'WORKER',
      grantTypes: ['CLIENT_CREDENTIALS'],
      redirectUris: [],
      roles: ['Identity Data Read Only'],
    })
    for (const absent of ['scopes', 'attributes', 'pkceEnforcement', 'homePageUrl', 'takeOver']) {
      expect(inputs).not.toHaveProperty(absent)
    }
  })
})

describe('the settings of PingOne', () => {
  it('name the issuer of the region', () => {
    expect(issuerOf(settings({ domain: 'pingone.eu' }))).toBe(`https://auth.pingone.eu/${ENVIRONMENT}/as`)
  })

  it.each([
    ['a domain that is not a region of PingOne', { domain: 'pingone.evil.example' }, /\.domain .*use the domain/],
    ['a domain that only ends like one', { domain: 'evilpingone.com' }, /\.domain .*use the domain/],
    ['an environment id that is none', { environmentId: 'production' }, /\.environmentId /],
    ['an application id that is none', { import: 'my-app' }, /\.import /],
    ['three secrets', { clientSecrets: ['a', 'b', 'c'] }, /\.clientSecrets /],
    ['a group twice', { allowedGroups: ['staff', 'staff'] }, /\.allowedGroups .*twice/],
  ])('refuse %s', (_title, changes, message) => {
    expect(() => settings(changes)).toThrow(StackConfigError)
    expect(() => settings(changes)).toThrow(message)
  })
})

function settings(changes: Record<string, unknown> = {}): PingOneSettings {
  const stack = parseStack({
    url: 'https://login.acme.example',
    identityProviders: { ping: { ...written, ...changes } },
    routes: { app: { from: 'https://app.acme.example', to: 'http://app:3000', allow: 'true' } },
  })
  const parsed = stack.identityProviders['ping']
  if (parsed?.kind !== 'pingone') throw new Error('no provider of that kind')
  return parsed
}
