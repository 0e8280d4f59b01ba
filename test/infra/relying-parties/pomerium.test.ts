import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import {
  clusterSpec,
  configFile,
  environment,
  type PomeriumIdentityProvider,
  pomeriumProvider,
  secretValues,
} from '../../../infra/relying-parties/pomerium/settings.ts'

const authenticate = 'https://authenticate.corp.example'
const okta: PomeriumIdentityProvider = {
  provider: 'okta',
  url: 'https://acme.okta.com',
  clientId: '0oa1',
  clientSecret: 's3cr"et\\: #',
  scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
}

/**
 * Config file keys, in the documentation's own spelling; the environment variable of each is the same in capitals.
 * @see https://www.pomerium.com/docs/reference/identity-provider-settings
 * @see https://www.pomerium.com/docs/reference/service-urls#authenticate-service-url
 */
const DOCUMENTED_KEYS = [
  'authenticate_service_url',
  'idp_client_id',
  'idp_client_secret',
  'idp_client_secret_file',
  'idp_provider',
  'idp_provider_url',
  'idp_request_params',
  'idp_scopes',
]

/** Of releases before 0.20, and of the Enterprise Console: Pomerium Core only warns of it since. */
const DIRECTORY_KEY = 'idp_service_account'

/** @see https://www.pomerium.com/docs/reference/identity-provider-settings#identity-provider-name */
const DOCUMENTED_PROVIDERS = 'apple auth0 azure cognito github gitlab google oidc okta onelogin ping'.split(' ')

/** @see https://www.pomerium.com/docs/deploy/k8s/reference#identityprovider */
const DOCUMENTED_SPEC = ['provider', 'requestParams', 'requestParamsSecret', 'scopes', 'secret', 'url']

describe('what Pomerium is told', () => {
  it('has names that its documentation has, and no other', () => {
    const variables = Object.keys(environment(authenticate, okta))
    expect(DOCUMENTED_KEYS.map((key) => key.toUpperCase())).toEqual(expect.arrayContaining(variables))
    const keys = Object.keys(parse(configFile(authenticate, okta)) as object)
    expect(DOCUMENTED_KEYS).toEqual(expect.arrayContaining(keys))
    expect(keys.map((key) => key.toUpperCase())).toEqual(variables)
    const { identityProvider } = clusterSpec(authenticate, okta, 'pomerium/idp')
    expect(DOCUMENTED_SPEC).toEqual(expect.arrayContaining(Object.keys(identityProvider)))
  })

  it('is exact in the environment: a scope would keep what stands around a comma', () => {
    expect(environment(authenticate, okta)).toEqual({
      AUTHENTICATE_SERVICE_URL: authenticate,
      IDP_PROVIDER: 'okta',
      IDP_PROVIDER_URL: 'https://acme.okta.com',
      IDP_CLIENT_ID: '0oa1',
      IDP_CLIENT_SECRET: 's3cr"et\\: #',
      IDP_SCOPES: 'openid,profile,email,groups,offline_access',
    })
  })

  it('is the same in the configuration file, whatever characters a secret has', () => {
    expect(parse(configFile(authenticate, okta))).toEqual({
      authenticate_service_url: authenticate,
      idp_provider: 'okta',
      idp_provider_url: 'https://acme.okta.com',
      idp_client_id: '0oa1',
      idp_client_secret: okta.clientSecret,
      idp_scopes: okta.scopes,
    })
  })

  it('has no service account unless one is handed over', () => {
    const account = Buffer.from('{"api_key":"00x"}').toString('base64')
    expect(environment(authenticate, { ...okta, serviceAccount: account })['IDP_SERVICE_ACCOUNT']).toBe(account)
    expect(parse(configFile(authenticate, { ...okta, serviceAccount: account }))).toHaveProperty(DIRECTORY_KEY, account)
    expect(environment(authenticate, okta)).not.toHaveProperty('IDP_SERVICE_ACCOUNT')
    expect(secretValues(okta)).not.toHaveProperty('service_account')
  })

  it('stands in the cluster in a Secret by the keys of the ingress controller, and without a secret beside it', () => {
    expect(secretValues({ ...okta, serviceAccount: 'e30=' })).toEqual({
      client_id: '0oa1',
      client_secret: okta.clientSecret,
      service_account: 'e30=',
    })
    const spec = clusterSpec(authenticate, okta, 'pomerium/idp')
    expect(spec).toEqual({
      authenticate: { url: authenticate },
      identityProvider: { provider: 'okta', url: okta.url, scopes: okta.scopes, secret: 'pomerium/idp' },
    })
    expect(JSON.stringify(spec)).not.toContain('s3cr')
  })
})

describe('an identity provider', () => {
  it.each([
    ['okta', 'okta'],
    ['entra', 'azure'],
    ['auth0', 'auth0'],
    ['google', 'google'],
    ['pingone', 'ping'],
    ['keycloak', 'oidc'],
    ['pocket-id', 'oidc'],
    ['oidc', 'oidc'],
    ['local', 'oidc'],
  ] as const)('of kind %s is %s there', (kind, name) => {
    expect(pomeriumProvider(kind)).toBe(name)
    expect(DOCUMENTED_PROVIDERS).toContain(name)
  })
})
