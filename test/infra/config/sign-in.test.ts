import * as pulumi from '@pulumi/pulumi'
import { describe, expect, it } from 'vitest'

import { parseStack, StackConfigError } from '../../../infra/config/index.ts'
import { planRuntime } from '../../../infra/runtime-config.ts'
import { readStackFiles } from '../../../infra/stack-files.ts'
import { type RuntimeConfig, runtimeConfigSchema } from '../../../runtime/config.ts'

const HOME = '11111111-2222-4333-8444-555555555555'
const GUEST = '22222222-3333-4444-8555-666666666666'
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'

const sso = { kind: 'oidc', issuer: 'https://sso.acme.example', credentials: { initialAccessToken: 'token' } }
const microsoft = {
  kind: 'entra',
  tenantId: 'common',
  tenants: [HOME, GUEST],
  credentials: { tenantId: HOME, clientId: 'admin', clientSecret: 'hidden' },
}
const vendors = {
  okta: { domain: 'acme.okta.com', credentials: { apiToken: 't' }, allowedGroups: ['Everyone'] },
  entra: { tenantId: HOME, credentials: { clientId: 'c', clientSecret: 's' } },
  auth0: { domain: 'acme.eu.auth0.com', credentials: { clientId: 'c', clientSecret: 's' } },
  keycloak: { url: 'https://id.acme.example', realm: 'acme', credentials: { clientId: 'c', clientSecret: 's' } },
  pingone: { environmentId: HOME, credentials: { clientId: 'c', clientSecret: 's' } },
  'pocket-id': { url: 'https://id.acme.example', credentials: { apiKey: 'k' } },
  google: { client: { id: 'c', secret: 's' } },
}

const stack = (parts: object = {}) => ({
  url: 'https://login.acme.example',
  identityProviders: { sso },
  routes: { wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: '"staff" in user.groups' } },
  ...parts,
})
const withProvider = (settings: object) => stack({ identityProviders: { sso: settings } })
const withRoute = (settings: object) =>
  stack({ routes: { wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: 'true', ...settings } } })

function runtime(input: object): RuntimeConfig {
  const parsed = parseStack(input)
  const facts = {
    sso: { issuer: (parsed.identityProviders['sso'] as { issuer?: string }).issuer ?? 'https://x.example' },
  }
  return runtimeConfigSchema.parse({
    ...planRuntime(parsed, facts, readStackFiles(parsed, '.')),
    registrations: {},
    serviceAccounts: {},
  })
}

function problems(input: object): string[] {
  try {
    parseStack(input)
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

describe('what the gateway is told of a provider', () => {
  it('has a default for everything', () => {
    expect(runtime(stack()).identityProviders['sso']).toEqual({
      kind: 'oidc',
      enabled: true,
      provisioning: 'auto',
      linking: 'confirm',
      attributes: {
        username: { claim: 'preferred_username' },
        email: { claim: 'email' },
        name: { claim: 'name' },
        picture: { claim: 'picture' },
        website: { claim: 'website' },
        company: { claim: 'organization' },
        location: { claim: 'locale' },
      },
      subjectClaim: 'sub',
      name: 'sso',
      buttonText: 'Login with sso',
      issuer: 'https://sso.acme.example',
      authMethod: 'client_secret_post',
      scopes: ['openid', 'profile', 'email'],
      authorizationParameters: {},
      responseMode: 'query',
      emailTrust: 'verify-with-claim',
      groupsClaim: 'groups',
      allowedDomains: [],
      allowPrivateAddresses: false,
      claims: [],
    })
  })

  it('is all that the stack file says', () => {
    const endpoints = {
      authorization: 'https://sso.acme.example/authorize',
      token: 'https://sso.acme.example/token',
      jwks: 'https://sso.acme.example/keys',
    }
    const settings = {
      kind: 'oidc',
      issuer: 'sso.acme.example',
      client: { id: 'c', secret: 's' },
      endpoints,
      scopes: 'openid, email  groups,offline_access',
      authorizationParameters: { prompt: 'select_account', hd: 'acme.example' },
      responseMode: 'form_post',
      allowPrivateAddresses: true,
      session: { idleMinutes: 30 },
    }
    expect(runtime(withProvider(settings)).identityProviders['sso']).toMatchObject({
      issuer: 'https://sso.acme.example',
      endpoints,
      scopes: ['openid', 'email', 'groups', 'offline_access'],
      authorizationParameters: { prompt: 'select_account', hd: 'acme.example' },
      responseMode: 'form_post',
      allowPrivateAddresses: true,
      session: { idleSeconds: 1_800 },
    })
  })

  it('lets a host on this machine be asked without more words', () => {
    const here = runtime(withProvider({ ...sso, issuer: 'http://idp.localhost:9000' })).identityProviders['sso']
    expect(here?.allowPrivateAddresses).toBe(true)
  })

  it('has the tenants whose people may come in by Entra’s shared address', () => {
    const parsed = parseStack(withProvider(microsoft))
    const facts = { sso: { issuer: 'https://login.microsoftonline.com/common/v2.0' } }
    expect(planRuntime(parsed, facts, readStackFiles(parsed, '.')).identityProviders['sso']).toMatchObject({
      tenants: [HOME, GUEST],
    })
  })

  it.each<[string, object, string]>([
    ['a parameter of our own', { authorizationParameters: { redirect_uri: 'x' } }, 'the gateway’s own'],
    ['another response mode', { responseMode: 'fragment' }, 'must be one of query, form_post'],
    ['a session that ends before it is idle', { session: { idleMinutes: 9, absoluteMinutes: 5 } }, 'longer than'],
    ['a session for ever', { session: { absoluteMinutes: 1e9 } }, 'session.absoluteMinutes'],
    ['scopes without openid, in one text', { scopes: 'profile email' }, 'openid must be among them'],
    ['scopes that are none', { scopes: 7 }, 'scopes is a number'],
    ['a scope with a quote', { scopes: 'openid "x"' }, 'scopes'],
    ['an unknown field', { allowPrivateAdresses: true }, 'did you mean allowPrivateAddresses?'],
  ])('is refused with %s', (_, settings, words) => {
    expect(problems(withProvider({ ...sso, ...settings })).join('\n')).toContain(words)
  })
})

describe('a way of authentication that a vendor’s client cannot have', () => {
  const cases = Object.entries(vendors).flatMap(([kind, settings]) =>
    ['private_key_jwt', 'none'].map((authMethod) => ({ kind, authMethod, settings })),
  )
  it.each(cases)('is refused: $kind with $authMethod', ({ kind, authMethod, settings }) => {
    const found = problems(withProvider({ kind, ...settings, authMethod }))
    expect(found).toEqual([
      expect.stringMatching(
        /^gatewright:identityProviders\.sso\.authMethod .*client_secret_post or client_secret_basic$/,
      ),
    ])
    expect(problems(withProvider({ kind, ...settings, authMethod: 'client_secret_basic' }))).toEqual([])
  })
})

describe('Entra’s shared addresses', () => {
  it('take a list of tenants and the one that has the application', () => {
    expect(problems(withProvider(microsoft))).toEqual([])
    expect(problems(withProvider({ ...microsoft, tenants: [PERSONAL] }))).toEqual([])
  })

  it.each<[string, object, string]>([
    ['without tenants', { tenants: undefined }, 'tenants is missing'],
    ['without a tenant to register in', { credentials: { clientId: 'c', clientSecret: 's' } }, 'credentials.tenantId'],
    ['with a tenant that is no GUID', { tenants: ['acme.com'] }, 'tenants[0]'],
    ['believing any address', { emailTrust: 'trust-idp', allowedDomains: ['acme.example'] }, 'emailTrust'],
    ['with groups of one tenant', { allowedGroups: ['Staff'] }, 'allowedGroups'],
    ['with a directory of one tenant', { directory: true }, 'directory'],
    ['for personal accounts at organizations', { tenantId: 'organizations', tenants: [PERSONAL] }, 'personal accounts'],
    ['and tenants of a single tenant', { tenantId: HOME }, 'goes with tenantId: common'],
    ['consumers', { tenantId: 'consumers' }, 'tenantId'],
  ])('are refused: %s', (_, changes, words) => {
    expect(problems(withProvider({ ...microsoft, ...changes })).join('\n')).toContain(words)
  })

  it('are one tenant’s as far as registration goes', () => {
    const single = { kind: 'entra', tenantId: HOME, credentials: { clientId: 'c', clientSecret: 's' } }
    const found = problems(stack({ identityProviders: { one: microsoft, two: single } }))
    expect(found.join('\n')).toContain('registers in the same tenant as one')
  })
})

describe('what a route asks of a sign-in', () => {
  it('reaches the gateway in seconds', () => {
    const { routes } = runtime(withRoute({ signIn: { maxAgeMinutes: 15, acr: 'mfa' } }))
    expect(routes['wiki']?.signIn).toEqual({ maxAgeSeconds: 900, acr: ['mfa'] })
    expect(runtime(stack()).routes['wiki']).not.toHaveProperty('signIn')
  })

  it.each<[string, object, string]>([
    ['nothing', { signIn: {} }, 'say what is asked of a sign-in'],
    ['no class at all', { signIn: { acr: [] } }, 'signIn.acr'],
    ['a time that is none', { signIn: { maxAgeMinutes: 0 } }, 'signIn.maxAgeMinutes'],
    ['something of nobody', { allow: undefined, public: 'docs', signIn: { acr: 'mfa' } }, 'nobody signs in'],
  ])('is refused where it is %s', (_, settings, words) => {
    expect(problems(withRoute(settings)).join('\n')).toContain(words)
  })
})

describe('programs', () => {
  const tokenIssuers = { ci: { issuer: 'token.actions.example' } }
  const robot = { groups: ['staff'], routes: ['wiki'] }

  it('come in by tokens of issuers that are named', () => {
    const bearer = [{ tokenIssuer: 'ci', audience: 'https://wiki.acme.example' }]
    const config = runtime({ ...withRoute({ bearer }), tokenIssuers })
    expect(config.routes['wiki']?.bearer).toEqual(bearer)
    expect(config.tokenIssuers).toEqual({
      ci: { issuer: 'https://token.actions.example', groupsClaim: 'groups', allowPrivateAddresses: false },
    })
  })

  it('of our own have a token for ninety days, unless the stack file says otherwise', () => {
    expect(parseStack(stack({ serviceAccounts: { robot } })).serviceAccounts['robot']).toEqual({
      ...robot,
      tokens: ['first'],
      expiresInDays: 90,
    })
  })

  it.each<[string, object, string]>([
    [
      'an issuer that is not there',
      { ...withRoute({ bearer: [{ tokenIssuer: 'cy', audience: 'x' }] }), tokenIssuers },
      'did you mean ci?',
    ],
    [
      'tokens on a public route',
      {
        ...withRoute({ allow: undefined, public: 'docs', bearer: [{ tokenIssuer: 'ci', audience: 'x' }] }),
        tokenIssuers,
      },
      'asks nobody',
    ],
    [
      'a route that is not there',
      stack({ serviceAccounts: { robot: { ...robot, routes: ['wikki'] } } }),
      'did you mean wiki?',
    ],
    [
      'an account for a public route',
      { ...withRoute({ allow: undefined, public: 'docs' }), serviceAccounts: { robot } },
      'asks nobody',
    ],
    ['no route', stack({ serviceAccounts: { robot: { ...robot, routes: [] } } }), 'name the routes'],
    [
      'a token for a lifetime',
      stack({ serviceAccounts: { robot: { ...robot, expiresInDays: 3650 } } }),
      'expiresInDays',
    ],
    ['two tokens of one name', stack({ serviceAccounts: { robot: { ...robot, tokens: ['a', 'a'] } } }), 'there twice'],
    [
      'a token’s name with an underscore',
      stack({ serviceAccounts: { robot: { ...robot, tokens: ['a_b'] } } }),
      'lowercase',
    ],
    [
      'keys without TLS',
      stack({ tokenIssuers: { ci: { issuer: 'https://a.example', jwks: 'http://a.example/keys' } } }),
      'use https',
    ],
  ])('are refused with %s', (_, input, words) => {
    expect(problems(input).join('\n')).toContain(words)
  })
})

describe('the gateway itself', () => {
  it('keeps sessions in a file, under keys of one name, behind no proxy, unless told otherwise', () => {
    expect(runtime(stack())).toMatchObject({
      store: 'sqlite',
      trustedProxies: [],
      keys: { signing: ['k1'], sealing: ['k1'] },
      session: { refreshGraceSeconds: 3_600 },
    })
  })

  it('is told of a database, proxies, keys and grace, and never the database’s password', () => {
    const url = 'postgres://gatewright:a-password@db.acme.example/gatewright'
    const config = runtime(
      stack({
        target: { kind: 'process', database: { url } },
        trustedProxies: ['10.0.0.0/8', '192.0.2.7', '2001:db8::1'],
        keys: { signing: ['k1', 'k-2026-11-22'] },
        session: { refreshGraceMinutes: 0 },
      }),
    )
    expect(config).toMatchObject({
      store: 'postgres',
      trustedProxies: ['10.0.0.0/8', '192.0.2.7/32', '2001:db8::1/128'],
      keys: { signing: ['k1', 'k-2026-11-22'], sealing: ['k1'] },
      session: { refreshGraceSeconds: 0 },
    })
    expect(JSON.stringify(config)).not.toContain('a-password')
    const { target } = parseStack(stack({ target: { kind: 'process', database: { url } } }))
    expect(target.kind === 'process' && pulumi.Output.isInstance(target.database?.url)).toBe(true)
  })

  it.each<[string, object, string]>([
    [
      'a database of another make',
      { target: { kind: 'process', database: { url: 'mysql://u:hidden@db/x' } } },
      'Postgres',
    ],
    ['a proxy by name', { trustedProxies: ['proxy.acme.example'] }, 'a network or an address'],
    ['three keys', { keys: { signing: ['a', 'b', 'c'] } }, 'keys.signing'],
    ['no key', { keys: { sealing: [] } }, 'keys.sealing'],
    ['two keys of one name', { keys: { sealing: ['a', 'a'] } }, 'one name'],
    ['a provider called keys', { identityProviders: { keys: sso } }, 'give it another name'],
  ])('is refused with %s', (_, parts, words) => {
    const found = problems(stack(parts)).join('\n')
    expect(found).toContain(words)
    expect(found).not.toContain('hidden')
  })
})
