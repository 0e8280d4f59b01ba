import { describe, expect, it } from 'vitest'

import { pocketId } from '../../../infra/config/identity-providers/pocket-id.ts'
import { chooseClientId, clientInputs } from '../../../infra/identity-providers/pocket-id/inputs.ts'

const request = {
  relyingParty: 'gateway',
  clientName: 'login.acme.example (production)',
  redirectUris: ['https://login.acme.example/callback/pocket'],
  postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
  homeUrl: 'https://login.acme.example',
  pkce: true,
}
const key = { project: 'gatewright', stack: 'production', identityProvider: 'pocket', relyingParty: 'gateway' }

describe('the client', () => {
  it('is confidential, asks for PKCE, and has the URLs of the relying party', () => {
    expect(clientInputs(request, key)).toEqual({
      clientId: 'gatewright.production.pocket.gateway.ed2e806fe821',
      name: 'login.acme.example (production)',
      callbackUrls: ['https://login.acme.example/callback/pocket'],
      logoutCallbackUrls: ['https://login.acme.example/signed-out'],
      launchUrl: 'https://login.acme.example',
      isPublic: false,
      pkceEnabled: true,
    })
  })

  it('says nothing of a back-channel logout, which Pocket ID does not have', () => {
    const inputs = clientInputs({ ...request, backChannelLogoutUri: 'https://login.acme.example/bc' }, key)
    expect(JSON.stringify(inputs)).not.toContain('/bc')
  })

  it('takes over what is to be imported', () => {
    expect(clientInputs({ ...request, import: 'by-hand' }, key)).toMatchObject({ takeOver: 'by-hand' })
    expect(clientInputs(request, key)).not.toHaveProperty('takeOver')
  })

  it('has a name that Pocket ID takes', () => {
    const long = 'login.engineering.acme-corporation.example (production)'
    const { name } = clientInputs({ ...request, clientName: long }, key)
    expect(name).toBe('login.engineering.acme-corporation.example (produ…')
    expect(name).toHaveLength(50)
  })
})

describe('the id of a client', () => {
  it('is the same for the same client, and another one for any other', () => {
    expect(chooseClientId({ ...key })).toBe(chooseClientId({ ...key }))
    const others = [
      key,
      { ...key, project: 'other' },
      { ...key, stack: 'staging' },
      { ...key, identityProvider: 'pocket-2' },
      { ...key, relyingParty: 'pomerium' },
      { ...key, project: 'gatewright.production', stack: 'pocket', identityProvider: 'gateway' },
    ]
    expect(new Set(others.map(chooseClientId)).size).toBe(others.length)
  })

  it('is one that Pocket ID takes, whatever the names are', () => {
    const id = chooseClientId({ ...key, project: 'p/ü '.repeat(100) })
    expect(id).toMatch(/^[a-zA-Z0-9._-]{2,128}$/)
  })
})

describe('the settings', () => {
  const least = { kind: 'pocket-id', url: 'https://id.acme.example', credentials: { apiKey: 'key' } }

  it('ask for groups and a refresh token where they say nothing', () => {
    const settings = pocketId.parse(least)
    expect(settings.scopes).toEqual(['openid', 'profile', 'email', 'groups', 'offline_access'])
    expect(settings).toMatchObject({ directory: false, allowedGroups: [], clientSecrets: ['first'] })
  })

  it.each([
    ['a key over plain HTTP', { url: 'http://id.acme.example' }],
    ['a path', { url: 'https://id.acme.example/auth' }],
    ['no key', { credentials: {} }],
    ['a misspelled name', { allowedGroup: ['staff'] }],
    ['an id that Pocket ID cannot have', { import: 'a b' }],
  ])('deny %s', (_title, changed) => {
    expect(pocketId.safeParse({ ...least, ...changed }).success).toBe(false)
  })
})
