import { readFileSync } from 'node:fs'

import * as pulumi from '@pulumi/pulumi'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import * as library from '../../infra/index.ts'
import { IdentityProvider, type IdentityProviderArgs, RelyingParty, StackConfigError } from '../../infra/index.ts'

const partners = {
  kind: 'oidc',
  issuer: 'https://sso.partner.example',
  credentials: { initialAccessToken: 'initial-access-token-value' },
} satisfies IdentityProviderArgs

const reports = {
  kind: 'app' as const,
  app: 'other' as const,
  url: 'https://reports.acme.example',
  redirectUris: ['https://reports.acme.example/callback'],
}

/** What was registered since the last test, in order. */
const resources: pulumi.runtime.MockResourceArgs[] = []
beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource(resource) {
        resources.push(resource)
        const made = { clientId: 'client-1', clientSecret: 'secret-1', value: 'value-1' }
        return { id: resource.name, state: { ...resource.inputs, ...made } }
      },
      call: () => ({}),
    },
    'project',
    'production',
  )
})
beforeEach(() => {
  resources.length = 0
})
afterAll(() => pulumi.runtime.disconnect())

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve))
}

const types = () => resources.map(({ type, name }) => `${type} ${name}`).toSorted()

it('the library offers these, and nothing else that can be called', () => {
  expect(Object.keys(library).toSorted()).toEqual(['Gateway', 'IdentityProvider', 'RelyingParty', 'StackConfigError'])
})

it('what the package imports is what it depends on', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object }
  const { inputs } = buildSync({
    entryPoints: ['infra/index.ts'],
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  }).metafile
  const imports = Object.values(inputs).flatMap((input) => input.imports)
  const packages = imports
    .filter(({ external, path }) => external && !path.startsWith('node:'))
    .map(({ path }) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  // Bundles lie ready in the package.
  const needed = new Set(packages.filter((name) => name !== 'esbuild'))
  expect([...needed].filter((name) => !Object.hasOwn(dependencies, name))).toEqual([])
})

describe('a client at an identity provider without a gateway', () => {
  it('is registered for its exact address, and comes out with what the app is to be given, as a secret', async () => {
    const identityProvider = new IdentityProvider('partners', partners)
    const party = new RelyingParty('reports', { ...reports, identityProvider })
    expect(await settled(party.settings)).toEqual({
      OIDC_ISSUER: 'https://sso.partner.example',
      OIDC_CLIENT_ID: 'client-1',
      OIDC_CLIENT_SECRET: 'secret-1',
      OIDC_SCOPES: 'openid profile email',
    })
    expect(await pulumi.isSecret(party.settings)).toBe(true)
    expect(await settled(party.callbackUrls)).toEqual(['https://reports.acme.example/callback'])
    expect(party.access).toBe('everybody who can sign in at partners')
    const [client] = resources.filter(({ type }) => type === 'gatewright-native:oidc:Client')
    expect(client).toMatchObject({
      name: 'partners-reports',
      inputs: {
        redirectUris: ['https://reports.acme.example/callback'],
        clientName: 'reports.acme.example (production)',
      },
    })
    expect(types()).toContain('gatewright:index:IdentityProvider partners')
    expect(types()).toContain('gatewright:index:RelyingParty reports')
    expect(types().filter((line) => /:target:|local:Process|key:Signing/.test(line))).toEqual([])
  })

  it('has room beside others: of the same provider, and of another one', async () => {
    const one = new IdentityProvider('one', partners)
    const other = new IdentityProvider('other', { ...partners, issuer: 'https://sso.other.example' })
    const places = [
      ['a', one],
      ['b', one],
      ['c', other],
    ] as const
    const parties = places.map(([name, identityProvider]) => {
      const url = `https://${name}.acme.example`
      return new RelyingParty(name, { ...reports, url, redirectUris: [`${url}/callback`], identityProvider })
    })
    await Promise.all(parties.map(({ clientId }) => settled(clientId)))
    const clients = resources.filter(({ type }) => type === 'gatewright-native:oidc:Client').map(({ name }) => name)
    expect(clients.toSorted()).toEqual(['one-a', 'one-b', 'other-c'])
  })

  it('is denied to a second app of the same address, and so is one that was made by hand', async () => {
    const brought = {
      kind: 'oidc' as const,
      issuer: 'https://sso.other.example',
      client: { id: 'one', secret: 'secret' },
    }
    const byHand = new IdentityProvider('by-hand', brought)
    const first = new RelyingParty('first', { ...reports, identityProvider: byHand })
    const other = { ...reports, url: 'https://wiki.acme.example', redirectUris: ['https://wiki.acme.example/callback'] }
    expect(() => new RelyingParty('second', { ...other, identityProvider: byHand })).toThrow('is that of first')
    const registered = new IdentityProvider('registered', partners)
    const third = new RelyingParty('third', { ...reports, identityProvider: registered })
    expect(() => new RelyingParty('fourth', { ...reports, identityProvider: registered })).toThrow(
      'is that of third already',
    )
    await Promise.all([first, third].map(({ clientId }) => settled(clientId)))
  })
})

describe('arguments with mistakes', () => {
  it('are refused by their places, all at once, and nothing is registered', () => {
    const wrong = { ...partners, issuer: 'http://sso.partner.example', scopes: ['email'] }
    const make = () => new IdentityProvider('partners', wrong)
    expect(make).toThrow(StackConfigError)
    expect(make).toThrow('gatewright:identityProviders.partners.issuer')
    expect(make).toThrow('gatewright:identityProviders.partners.scopes')
    expect(resources).toEqual([])
  })

  it('of a relying party are refused before it is registered', () => {
    const identityProvider = new IdentityProvider('partners', partners)
    const make = () =>
      new RelyingParty('reports', { ...reports, redirectUris: ['https://*.acme.example'], identityProvider })
    expect(make).toThrow(StackConfigError)
    expect(make).toThrow('gatewright:relyingParties.reports.redirectUris[0]')
    expect(types().filter((line) => line.includes('RelyingParty'))).toEqual([])
  })

  it('a provider of another copy of the package is told so', () => {
    const identityProvider = { issuer: 'https://sso.partner.example' } as IdentityProvider
    expect(() => new RelyingParty('reports', { ...reports, identityProvider })).toThrow(
      'is gatewright installed twice?',
    )
  })
})
