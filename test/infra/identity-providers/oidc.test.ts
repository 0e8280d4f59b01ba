import { generateKeyPairSync } from 'node:crypto'

import * as pulumi from '@pulumi/pulumi'
import { beforeEach, describe, expect, it } from 'vitest'

import { oidc } from '../../../infra/config/identity-providers/oidc.ts'
import { parseStack, StackConfigError } from '../../../infra/config/index.ts'
import type { ClientRequest, IdentityProvider } from '../../../infra/identity-providers/identity-provider.ts'
import { Oidc } from '../../../infra/identity-providers/oidc/index.ts'
import { byHand, removalOf } from '../../../infra/identity-providers/oidc/inputs.ts'

const issuer = 'https://idp.acme.example'
const registered = { kind: 'oidc', issuer, credentials: { initialAccessToken: 'initial-token' } }
const brought = { kind: 'oidc', issuer, client: { id: 'made-by-hand', secret: 'pasted' } }
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const PRIVATE_JWK = JSON.stringify(privateKey.export({ format: 'jwk' }))
const PUBLIC_JWK = JSON.stringify(publicKey.export({ format: 'jwk' }))
const ENDPOINTS = {
  authorization: 'https://idp.acme.example/authorize',
  token: 'https://idp.acme.example/token',
  jwks: 'https://idp.acme.example/keys',
}
const request = {
  relyingParty: 'gateway',
  clientName: 'login.acme.example (production)',
  redirectUris: ['https://login.acme.example/callback/sso'],
  postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
  homeUrl: 'https://login.acme.example',
  pkce: true,
} satisfies ClientRequest

/** What the program asked the engine for. */
let resources: { type: string; name: string; inputs: Record<string, unknown> }[] = []

beforeEach(async () => {
  resources = []
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        resources.push({ type, name, inputs: inputs as Record<string, unknown> })
        const keys = { privateJwk: `{"d":"of ${name}"}`, publicJwk: `{"kid":"of ${name}"}` }
        const client = { clientId: `id of ${name}`, clientSecret: `secret of ${name}` }
        return { id: name, state: { ...inputs, ...(type.endsWith(':Signing') ? keys : client) } }
      },
      call: () => ({}),
    },
    'project',
    'production',
  )
})

async function register(settings: object, wish: ClientRequest = request) {
  const parent = new pulumi.ComponentResource('test:index:Stack', 'stack')
  const folders = { gateway: '', sampleApp: '', identityProvider: () => '' } as never
  const provider: IdentityProvider = new Oidc({ id: 'sso', displayName: '', parent, folders }, oidc.parse(settings))
  const { credentials } = provider.register(wish)
  const values = await Promise.all(
    credentials.map(async ({ name, clientId, clientSecret }) => ({
      name,
      clientId: await valueOf(clientId),
      ...(clientSecret && {
        clientSecret: await valueOf(clientSecret),
        isSecret: await pulumi.isSecret(clientSecret),
      }),
    })),
  )
  await pulumi.runtime.disconnect()
  return values
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve))
}

function clients() {
  return resources.filter(({ type }) => type === 'gatewright-native:oidc:Client')
}

function mistakes(settings: object): string[] {
  const route = { from: 'https://app.acme.example', to: 'http://app:3000', allow: 'true' }
  try {
    parseStack({ url: 'https://login.acme.example', identityProviders: { sso: settings }, routes: { app: route } })
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

describe('a client that registers itself', () => {
  it('has exactly the URLs and grants that were asked for, and nothing else', async () => {
    await register(registered)
    expect(clients().map(({ name }) => name)).toEqual(['sso-gateway'])
    const given = Object.entries(clients()[0]?.inputs ?? {}).filter(([, value]) => value !== undefined)
    expect(Object.fromEntries(given.filter(([name]) => name !== 'initialAccessToken'))).toEqual({
      issuer,
      clientName: 'login.acme.example (production)',
      redirectUris: ['https://login.acme.example/callback/sso'],
      postLogoutRedirectUris: ['https://login.acme.example/signed-out'],
      grantTypes: ['authorization_code', 'refresh_token'],
      tokenEndpointAuthMethod: 'client_secret_post',
      scope: 'openid profile email',
    })
  })

  it('has the back-channel address of a relying party that serves one', async () => {
    const backChannelLogoutUri = 'https://login.acme.example/back-channel/sso'
    await register(registered, { ...request, backChannelLogoutUri })
    expect(clients()[0]?.inputs).toMatchObject({ backChannelLogoutUri, backChannelLogoutSessionRequired: true })
  })

  it('shows keys of its own where that is asked for, and stays one client while a key takes over from another', async () => {
    const settings = { ...registered, authMethod: 'private_key_jwt', clientSecrets: ['2026-11-22', 'first'] }
    const credentials = await register(settings)
    expect(clients().map(({ name }) => name)).toEqual(['sso-gateway'])
    expect(clients()[0]?.inputs).toMatchObject({
      tokenEndpointAuthMethod: 'private_key_jwt',
      tokenEndpointAuthSigningAlg: 'ES256',
      jwks: { keys: [{ kid: 'of sso-gateway-2026-11-22-key' }, { kid: 'of sso-gateway-first-key' }] },
    })
    expect(credentials).toEqual(
      ['2026-11-22', 'first'].map((name) => ({
        name,
        clientId: 'id of sso-gateway',
        clientSecret: `{"d":"of sso-gateway-${name}-key"}`,
        isSecret: true,
      })),
    )
  })

  it('has no credential where it is to show none', async () => {
    const credentials = await register({ ...registered, authMethod: 'none' })
    expect(clients()[0]?.inputs).toMatchObject({ tokenEndpointAuthMethod: 'none' })
    expect(credentials).toEqual([{ name: 'public', clientId: 'id of sso-gateway' }])
  })

  it('is one for each name of a secret, the preferred one first, and the first of all keeps its name', async () => {
    const credentials = await register({ ...registered, clientSecrets: ['2026-11-22', 'first'] })
    expect(clients().map(({ name }) => name)).toEqual(['sso-gateway-2026-11-22', 'sso-gateway'])
    expect(credentials).toEqual([
      {
        name: '2026-11-22',
        clientId: 'id of sso-gateway-2026-11-22',
        clientSecret: 'secret of sso-gateway-2026-11-22',
        isSecret: true,
      },
      { name: 'first', clientId: 'id of sso-gateway', clientSecret: 'secret of sso-gateway', isSecret: true },
    ])
  })

  it('is kept from deletion only while no other one takes over from it', () => {
    expect(removalOf({ removal: 'protected', clientSecrets: ['first'] })).toEqual({ removal: 'protected' })
    expect(removalOf({ removal: 'protected', clientSecrets: ['second', 'first'] })).toEqual({ removal: 'allowed' })
    expect(removalOf({ removal: 'retained', clientSecrets: ['second', 'first'] })).toEqual({ removal: 'allowed' })
  })
})

describe('a client that somebody made by hand', () => {
  it('is registered nowhere, and taken as it is', async () => {
    const credentials = await register(brought)
    expect(resources.map(({ type }) => type)).toEqual(['test:index:Stack', 'gatewright:identityProvider:Oidc'])
    expect(credentials).toEqual([{ name: 'present', clientId: 'made-by-hand', clientSecret: 'pasted', isSecret: true }])
  })

  it.each([
    ['a key', { authMethod: 'private_key_jwt', client: { id: 'x', privateKey: PRIVATE_JWK } }, [PRIVATE_JWK]],
    [
      'two keys',
      { authMethod: 'private_key_jwt', client: { id: 'x', privateKey: PRIVATE_JWK, previousPrivateKey: PRIVATE_JWK } },
      [PRIVATE_JWK, PRIVATE_JWK],
    ],
    ['no credential', { authMethod: 'none', client: { id: 'x' } }, [undefined]],
  ])('may have %s', async (_, settings, secrets) => {
    const credentials = await register({ kind: 'oidc', issuer, ...settings })
    expect(credentials.map(({ clientSecret }) => clientSecret)).toEqual(secrets)
  })

  it.each([
    ['a secret where it shows a key', { authMethod: 'private_key_jwt', client: { id: 'x', secret: 's' } }],
    ['a public key', { authMethod: 'private_key_jwt', client: { id: 'x', privateKey: PUBLIC_JWK } }],
    ['a key that is no JWK', { authMethod: 'private_key_jwt', client: { id: 'x', privateKey: 'pasted-text' } }],
    ['a secret where it shows nothing', { authMethod: 'none', client: { id: 'x', secret: 's' } }],
    ['no secret where it shows one', { client: { id: 'x' } }],
    ['addresses of its own and a registration', { ...registered, endpoints: ENDPOINTS }],
    ['addresses without TLS', { ...brought, endpoints: { ...ENDPOINTS, token: 'http://idp.acme.example/token' } }],
  ])('is refused with %s', (_, settings) => {
    const found = mistakes({ kind: 'oidc', issuer, ...settings })
    expect(found).not.toEqual([])
    expect(found.join()).not.toContain('pasted-text')
  })

  it('comes with what has to be done for it, without its secret', () => {
    const { client } = oidc.parse(brought)
    if (!client) throw new TypeError('no client')
    const backChannelLogoutUri = 'https://login.acme.example/back-channel/sso'
    const lines = byHand(issuer, client.id, { ...request, backChannelLogoutUri }, request.redirectUris).split('\n')
    expect(lines[0]).toContain('made-by-hand at https://idp.acme.example')
    expect(lines).toContain('  https://login.acme.example/callback/sso as redirect URI')
    expect(lines).toContain('  https://login.acme.example/signed-out as post-logout redirect URI')
    expect(lines).toContain(`  ${backChannelLogoutUri} as back-channel logout URI`)
    expect(lines.join('\n')).not.toContain('pasted')
    expect(byHand(issuer, client.id, request, request.redirectUris)).not.toContain('back-channel')
  })
})

describe('settings', () => {
  it.each([
    ['neither', { kind: 'oidc', issuer }],
    ['both', { ...registered, ...brought }],
  ])('say how the client comes to be, and not %s', (_what, settings) => {
    expect(mistakes(settings)).toEqual([
      'gatewright:identityProviders.sso say how the client comes to be: either credentials (to register it) or client (one that exists)',
    ])
  })

  it('refuse the discovery address in place of the issuer', () => {
    const lines = mistakes({ ...brought, issuer: `${issuer}/.well-known/openid-configuration` })
    expect(lines).toEqual([expect.stringMatching(/issuer .*write the issuer, not .*: https:\/\/idp.acme.example$/)])
  })

  it('refuse Entra’s shared addresses, whose tokens name another issuer', () => {
    const lines = mistakes({ ...brought, issuer: 'login.microsoftonline.com/common/v2.0' })
    expect(lines).toEqual([expect.stringMatching(/issuer .*use kind: entra/)])
  })

  it('refuse two secrets of one name', () => {
    expect(mistakes({ ...registered, clientSecrets: ['first', 'first'] })).toEqual([
      'gatewright:identityProviders.sso.clientSecrets the two have one name',
    ])
  })
})
