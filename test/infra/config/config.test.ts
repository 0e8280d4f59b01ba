import { readFileSync } from 'node:fs'

import * as pulumi from '@pulumi/pulumi'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { parseStack, StackConfigError } from '../../../infra/config/index.ts'

const file = parse(readFileSync('stacks/local.example.yaml', 'utf8')) as { config: Record<string, unknown> }
const example = () =>
  structuredClone(
    Object.fromEntries(Object.entries(file.config).map(([key, value]) => [key.replace('gatewright:', ''), value])),
  )

/** Dotted paths and what a person wrote there; undefined is what they left out. */
type Edits = Record<string, unknown>

function problems(edits: Edits): string[] {
  const stack: Record<string, unknown> = example()
  for (const [path, value] of Object.entries(edits)) write(stack, path.split('.'), value)
  try {
    parseStack(stack)
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

function write(map: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length > 0) write(map[key] as Record<string, unknown>, rest, value)
  else if (value === undefined) delete map[key]
  else map[key] = value
}

const twin = {
  kind: 'local',
  url: 'http://other.localhost:8405',
  people: { alice: { name: 'A', email: 'a@acme.example' } },
}
const clientless = { kind: 'oidc', issuer: 'https://idp.acme.example' }
const pair = { clientId: 'admin', clientSecret: 'secret' }
const tenant = { kind: 'keycloak', url: 'https://id.acme.example', realm: 'acme', credentials: pair }
const rule = '"staff" in user.groups'

describe('a stack file', () => {
  it('that is the example is accepted, with defaults filled in', () => {
    const stack = parseStack(example())
    expect(stack.session).toEqual({ idleMinutes: 480, absoluteMinutes: 1440, refreshGraceMinutes: 60 })
    expect(stack.target).toMatchObject({ kind: 'process', listen: { host: '127.0.0.1', port: 8400 } })
  })

  it('may be as small as url, one provider, one route', () => {
    const smallest = {
      url: 'https://login.acme.example',
      identityProviders: {
        sso: { kind: 'oidc', issuer: 'https://idp.acme.example', credentials: { initialAccessToken: 'token' } },
      },
      routes: { app: { from: 'https://app.acme.example', to: 'http://app:3000', allow: 'true' } },
    }
    expect(parseStack(smallest).name).toBe('Gatewright')
  })

  it('with five mistakes is told all five', () => {
    const found = problems({
      url: 'http://login.acme.example',
      rotues: {},
      'identityProviders.acme.kind': 'lokal',
      'routes.hello.alow': rule,
      'routes.hello.allow': undefined,
      'target.listen': '8400',
    })
    expect(found).toEqual([
      'gatewright:url "http://login.acme.example": use https; plain http is only for hosts on this machine (localhost and *.localhost)',
      'gatewright:identityProviders.acme.kind must be one of auth0, entra, google, keycloak, local, oidc, okta, pingone, pocket-id, not "lokal"; did you mean local?',
      'gatewright:routes.hello.alow is unknown; did you mean allow?',
      'gatewright:target.listen "8400": write it as address:port, like 127.0.0.1:8400',
      'gatewright:rotues is unknown; did you mean routes?',
    ])
  })

  it.each<[string, Edits, string]>([
    ['a rule with a mistake', { 'routes.hello.allow': '"staff" in user.grups' }, '^'],
    ['a route without a rule', { 'routes.hello.allow': undefined }, 'say who may pass'],
    ['a rule on a public route', { 'routes.hello.public': 'docs' }, 'say who may pass'],
    ['a provider that is not there', { 'routes.hello.identityProviders': ['acmee'] }, 'did you mean acme?'],
    ['a route at the login host', { 'routes.hello.from': 'http://login.gw.localhost:8400' }, 'already used by url'],
    ['a port used twice', { 'target.admin': '127.0.0.1:8402' }, 'port 8402 is already used by target.admin'],
    ['a loop', { 'routes.hello.to': 'http://127.0.0.1:8400' }, 'circles'],
    ['an origin with a path', { 'routes.hello.from': 'https://a.example/x' }, 'without a path'],
    ['trust without domains', { 'identityProviders.acme.emailTrust': 'trust-idp' }, 'allowedDomains'],
    ['an identifier with a capital', { 'routes.Hello': {} }, 'lowercase'],
    ['a wrong type', { session: { idleMinutes: 'long' } }, 'must be number, not "long"'],
    ['a local provider elsewhere', { 'identityProviders.acme.url': 'https://idp.acme.example' }, 'this machine only'],
    ['an address that is a name', { 'target.listen': 'localhost:8400' }, 'address:port'],
    ['a loop through its own route', { 'routes.hello.to': 'http://hello.gw.localhost:8400' }, 'circles'],
    ['scopes without openid', { 'identityProviders.acme.scopes': ['profile'] }, 'openid must be among them'],
    ['two scopes in one', { 'identityProviders.acme.scopes': ['openid profile'] }, 'one scope an entry'],
    ['an idle time beyond the end', { session: { idleMinutes: 100, absoluteMinutes: 10 } }, 'longer than'],
    ['a domain that is an address', { 'identityProviders.acme.allowedDomains': ['@acme.example'] }, 'like acme.com'],
    ['rules and nobody to sign in', { identityProviders: {}, brands: undefined }, 'nobody can sign in'],
    ['the same person twice', { 'identityProviders.other': twin }, 'there is a alice at acme already'],
    ['one tenant twice', { 'identityProviders.one': tenant, 'identityProviders.two': tenant }, 'same tenant as one'],
    ['two secrets of one name', { 'identityProviders.acme.clientSecrets': ['a', 'a'] }, 'the two have one name'],
    ['a secret for a lifetime', { 'identityProviders.acme.clientSecretMaxAgeDays': 20_000 }, 'clientSecretMaxAgeDays'],
    ['no secret at all', { 'identityProviders.acme.clientSecrets': [] }, 'clientSecrets'],
    ['a secret’s name with a dot', { 'identityProviders.acme.clientSecrets': ['2026.11'] }, 'lowercase'],
    ['a client that comes from nowhere', { 'identityProviders.other': clientless }, 'say how the client comes to be'],
    ['a sample app behind a built-in name', { 'sampleApp.route': 'constructor' }, 'there is no route constructor'],
    ['a sample app without its route', { 'sampleApp.route': 'helo' }, 'did you mean hello?'],
  ])('with %s is refused', (_, edits, words) => {
    expect(problems(edits).join('\n')).toContain(words)
  })
})

it.each([null, undefined, [], 'text', 7, { routes: [], identityProviders: null }])(
  '%j is a mistake and no crash',
  (input) => {
    expect(() => parseStack(input)).toThrow(StackConfigError)
  },
)

it('tells one mistake once', () => {
  expect(problems({ 'routes.hello.from': 'htp://hello.gw.localhost:8400' })).toHaveLength(1)
  expect(problems({ url: 'ftp://login.gw.localhost' })).toHaveLength(1)
})

it('finds what is wrong between parts while other parts are wrong by themselves', () => {
  const found = problems({
    url: 'nonsense',
    'routes.hello.identityProviders': ['acmee'],
    'target.admin': '127.0.0.1:8402',
  })
  expect(found).toHaveLength(3)
})

describe('a secret', () => {
  const withToken = (initialAccessToken: unknown) => ({
    url: 'https://login.acme.example',
    identityProviders: {
      sso: { kind: 'oidc', issuer: 'https://idp.acme.example', credentials: { initialAccessToken } },
    },
    routes: {},
  })

  it('comes back as a secret output, whether given as a value or by the environment', async () => {
    process.env['TEST_TOKEN'] = 'from-env'
    for (const [given, value] of [
      ['plain', 'plain'],
      [{ env: 'TEST_TOKEN' }, 'from-env'],
    ] as const) {
      const provider = parseStack(withToken(given)).identityProviders['sso']
      if (provider?.kind !== 'oidc' || !provider.credentials) throw new Error('wrong kind')
      const { initialAccessToken } = provider.credentials
      expect(await pulumi.isSecret(initialAccessToken)).toBe(true)
      expect(await new Promise((resolve) => initialAccessToken.apply(resolve))).toBe(value)
    }
  })

  it.each<[string, Edits]>([
    ['instead of the map', { credentials: '00-a-short-api-token' }],
    ['as the directory', { directory: '00-a-short-api-token' }],
    ['as a number', { credentials: { apiToken: 100200300400 } }],
  ])('that stands in a wrong place (%s) is not repeated', (_, edits) => {
    const okta = { kind: 'okta', domain: 'acme.okta.com', credentials: { apiToken: 'token' }, allowedGroups: ['staff'] }
    const found = problems({ 'identityProviders.okta': { ...okta, ...edits } })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^gatewright:identityProviders\.okta\.\S+ (?:must be a map|is a (?:text|number))/)
    expect(found[0]).not.toMatch(/api-token|100200/)
  })

  it('that the environment does not hold is named, and no other value is repeated', () => {
    expect(() => parseStack(withToken({ env: 'NOT_SET_ANYWHERE' }))).toThrow('NOT_SET_ANYWHERE is not set')
  })
})
