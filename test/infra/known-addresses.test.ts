import { describe, expect, it } from 'vitest'

import { parseStack } from '../../infra/config/index.ts'
import { requireKnownAddresses, unknownAddresses, unknownCluster } from '../../infra/known-addresses.ts'

const pair = { clientId: 'admin', clientSecret: 'secret' }
const okta = { kind: 'okta', credentials: { apiToken: 'token' }, allowedGroups: ['staff'] }
const ENVIRONMENT = '11111111-2222-4333-8444-555555555555'

/** Providers as a stack file has them → paths that a preview refuses. */
function refused(providers: Record<string, object>, issuers: Record<string, string>): string[] {
  const { identityProviders } = parseStack({ url: 'https://login.acme.com', identityProviders: providers, routes: {} })
  return unknownAddresses(identityProviders, new Map(Object.entries(issuers))).map(({ path, message }) =>
    [path.replace('gatewright:identityProviders.', ''), ...(/is new|has changed/.exec(message) ?? [])].join(' '),
  )
}

describe('a preview', () => {
  const issuers = { staff: 'https://acme.okta.com', sso: 'https://id.acme.com/realms/acme' }
  const sso = { kind: 'keycloak', url: 'https://id.acme.com', realm: 'acme', credentials: pair }

  it('asks where the last deployment was, and everywhere before the first', () => {
    expect(refused({ staff: { ...okta, domain: 'acme.okta.com' }, sso }, issuers)).toEqual([])
    expect(refused({ staff: { ...okta, domain: 'okta.acme.com' }, sso }, {})).toEqual([])
  })

  it.each([
    ['evil.example', 'another host'],
    ['okta.com', 'a host above it'],
    ['evil.acme.okta.com', 'a host below it'],
    ['acme.okta.com:444', 'another port'],
    ['evil.okta.com', 'another tenant of the vendor'],
  ])('sends a provider that has moved to %s (%s) nothing', (domain) => {
    expect(refused({ staff: { ...okta, domain }, sso }, issuers)).toEqual(['staff.domain has changed'])
  })

  it('sends a provider that was renamed on its way to another host nothing', () => {
    expect(refused({ staff2: { ...okta, domain: 'evil.example' }, sso }, issuers)).toEqual(['staff2.domain is new'])
    expect(refused({ idp: { ...sso, url: 'https://evil.example' } }, issuers)).toEqual(['idp.url is new'])
    const ids = { kind: 'pocket-id', url: 'https://evil.example', credentials: { apiKey: 'key' } }
    expect(refused({ constructor: ids }, issuers)).toEqual(['constructor.url is new'])
    const cloud = { kind: 'entra', tenantId: ENVIRONMENT, authority: 'https://evil.example', credentials: pair }
    expect(refused({ microsoft: cloud }, issuers)).toEqual(['microsoft.authority is new'])
  })

  it('asks a new provider where nobody but its vendor can hear it, or where another one is', () => {
    const entra = { kind: 'entra', tenantId: ENVIRONMENT, credentials: pair }
    const pingone = { kind: 'pingone', environmentId: ENVIRONMENT, credentials: pair }
    const auth0 = { kind: 'auth0', domain: 'acme.eu.auth0.com', credentials: pair }
    const partners = { ...okta, domain: 'partners.okta.com' }
    const others = { ...sso, realm: 'partners' }
    expect(refused({ entra, pingone, auth0, partners, others }, issuers)).toEqual([])
    const lookalike = { ...okta, domain: 'evilokta.com' }
    expect(refused({ lookalike }, issuers)).toEqual(['lookalike.domain is new'])
  })

  it('knows PingOne by the host of its region', () => {
    const deployed = { partners: `https://auth.pingone.eu/${ENVIRONMENT}/as` }
    const pingone = { kind: 'pingone', environmentId: ENVIRONMENT, credentials: pair }
    expect(refused({ partners: { ...pingone, domain: 'pingone.eu' } }, deployed)).toEqual([])
    expect(refused({ partners: { ...pingone, domain: 'pingone.com' } }, deployed)).toEqual([
      'partners.domain has changed',
    ])
  })
})

describe('a preview of a stack with a cluster', () => {
  const issuers = new Map([['staff', 'https://acme.okta.com']])
  const own = { kubeconfig: 'sha256:aa', context: 'production' }

  it('asks the one of the last deployment, any before the first, and none where there is none', () => {
    expect(unknownCluster(own, { issuers, cluster: { ...own } })).toEqual([])
    expect(unknownCluster({ kubeconfig: 'kubectl' }, { issuers, cluster: { kubeconfig: 'kubectl' } })).toEqual([])
    expect(unknownCluster(own, { issuers: new Map() })).toEqual([])
    expect(unknownCluster(undefined, { issuers, cluster: own })).toEqual([])
  })

  it.each([
    ['another context', { ...own, context: 'evil' }],
    ['the current context', { kubeconfig: own.kubeconfig }],
    ['another kubeconfig', { ...own, kubeconfig: 'sha256:bb' }],
    ["kubectl's kubeconfig", { ...own, kubeconfig: 'kubectl' }],
  ])('sends %s nothing', (_, cluster) => {
    const [problem, ...others] = unknownCluster(cluster, { issuers, cluster: own })
    expect(others).toEqual([])
    expect(problem?.path).toBe('gatewright:cluster')
    expect(problem?.message).toMatch(/^has changed: .*the context production.*`pulumi up --skip-preview`$/)
    expect(unknownCluster(cluster, { issuers: new Map(), cluster: own })).toEqual([problem])
  })

  it('sends one that the last deployment did not name nothing', async () => {
    const [problem] = unknownCluster(own, { issuers })
    expect(problem?.message).toMatch(/^is new to this stack.*`pulumi up --skip-preview`$/)
    const providers = { staff: { ...okta, domain: 'acme.okta.com' } }
    const stack = parseStack({ url: 'https://login.acme.com', identityProviders: providers, routes: {} })
    await expect(requireKnownAddresses(stack, own, Promise.resolve({ issuers }))).rejects.toMatchObject({
      code: 'stack_config_invalid',
      problems: [problem],
    })
  })
})
