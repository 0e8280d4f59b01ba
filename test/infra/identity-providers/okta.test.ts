import * as pulumi from '@pulumi/pulumi'
import { describe, expect, it } from 'vitest'

import { okta as schema } from '../../../infra/config/identity-providers/okta.ts'
import type { ClientRequest } from '../../../infra/identity-providers/index.ts'
import {
  assignmentInputs,
  clientInputs,
  directoryInputs,
  providerInputs,
} from '../../../infra/identity-providers/okta/inputs.ts'
import { onlyApp } from '../../../infra/identity-providers/okta/lookups.ts'

const stackFile = {
  kind: 'okta',
  domain: 'acme.okta.com',
  credentials: { apiToken: 'a-token' },
  allowedGroups: ['Everyone'],
}
const settings = schema.parse(stackFile)
const request = {
  relyingParty: 'gateway',
  clientName: 'login.acme.example (production)',
  redirectUris: ['https://b.acme.example/callback/okta', 'https://a.acme.example/callback/okta'],
  postLogoutRedirectUris: ['https://a.acme.example/signed-out'],
  homeUrl: 'https://a.acme.example',
  pkce: true,
} satisfies ClientRequest

describe('the client', () => {
  it('is a web app with code flow, refresh tokens and PKCE, for the URLs of the request alone', () => {
    expect(clientInputs(settings, request)).toEqual({
      type: 'web',
      label: 'login.acme.example (production)',
      adminNote: 'Made by Gatewright. What is changed here by hand, its next deployment puts back.',
      status: 'ACTIVE',
      grantTypes: ['authorization_code', 'refresh_token'],
      responseTypes: ['code'],
      redirectUris: ['https://a.acme.example/callback/okta', 'https://b.acme.example/callback/okta'],
      postLogoutRedirectUris: ['https://a.acme.example/signed-out'],
      tokenEndpointAuthMethod: 'client_secret_post',
      pkceRequired: true,
      issuerMode: 'ORG_URL',
      clientUri: 'https://a.acme.example',
      loginUri: 'https://a.acme.example',
      refreshTokenRotation: 'STATIC',
      implicitAssignment: false,
      wildcardRedirect: 'DISABLED',
      omitSecret: true,
      skipAuthenticationPolicy: true,
      groupsClaim: { type: 'FILTER', filterType: 'REGEX', name: 'groups', value: '.*' },
    })
  })

  it('has no groups claim when its tokens are not asked for groups', () => {
    const without = schema.parse({ ...stackFile, scopes: ['openid', 'email'] })
    expect(clientInputs(without, request)).not.toHaveProperty('groupsClaim')
  })

  it('proves itself as the stack file says', () => {
    const basic = schema.parse({ ...stackFile, authMethod: 'client_secret_basic' })
    expect(clientInputs(basic, request)).toHaveProperty('tokenEndpointAuthMethod', 'client_secret_basic')
  })

  it('proves itself, and asks for a code challenge, as its own relying party does', () => {
    const own = { ...request, authMethod: 'client_secret_basic', pkce: false } as const
    expect(clientInputs(settings, own)).toMatchObject({
      tokenEndpointAuthMethod: 'client_secret_basic',
      pkceRequired: false,
    })
    expect(clientInputs(settings, request)).toMatchObject({ pkceRequired: true })
  })

  it('is the same whatever the order of URLs and groups', () => {
    const turned = { ...request, redirectUris: request.redirectUris.toReversed() }
    expect(clientInputs(settings, turned)).toEqual(clientInputs(settings, request))
    expect(assignmentInputs(['00gB', '00gA'])).toEqual(assignmentInputs(['00gA', '00gB']))
    expect(assignmentInputs(['00gA'])).toEqual([{ id: '00gA', profile: '{}' }])
  })

  it('is found by its whole name and the mark of the stack, and refused when several have both', () => {
    const own = { label: request.clientName, adminNote: 'Made by Gatewright [ours]' }
    const apps = [
      { ...own, id: '0oa1' },
      { ...own, id: '0oa2', label: `${request.clientName} directory` },
      { ...own, id: '0oa4', adminNote: 'Made by Gatewright [of another stack]' },
      { ...own, id: '0oa5', adminNote: '' },
    ]
    expect(onlyApp('sso', own, apps)).toBe('0oa1')
    expect(onlyApp('sso', { ...own, label: 'login.acme.example' }, apps)).toBeUndefined()
    expect(onlyApp('sso', own, apps.slice(1))).toBeUndefined()
    const twins = [...apps, { ...own, id: '0oa3' }]
    expect(() => onlyApp('sso', own, twins)).toThrow(
      /identityProviders\.sso .*login\.acme\.example.*0oa1, 0oa3.*delete/,
    )
  })
})

it('the directory’s app proves itself by a key and has neither secret nor URLs nor claims', () => {
  expect(directoryInputs('login.acme.example (production) directory')).toEqual({
    type: 'service',
    label: 'login.acme.example (production) directory',
    adminNote: 'Made by Gatewright. What is changed here by hand, its next deployment puts back.',
    status: 'ACTIVE',
    grantTypes: ['client_credentials'],
    responseTypes: ['token'],
    tokenEndpointAuthMethod: 'private_key_jwt',
    pkceRequired: false,
    issuerMode: 'ORG_URL',
    implicitAssignment: false,
    wildcardRedirect: 'DISABLED',
    omitSecret: true,
    skipAuthenticationPolicy: true,
  })
})

describe('the provider', () => {
  it.each([
    ['acme.okta.com', 'acme', 'okta.com'],
    ['acme.okta.com:8443', 'acme', 'okta.com:8443'],
    ['dev-1.okta-emea.com', 'dev-1', 'okta-emea.com'],
  ])('finds %s as %s in %s', (domain, orgName, baseUrl) => {
    expect(providerInputs(schema.parse({ ...stackFile, domain }))).toMatchObject({ orgName, baseUrl })
  })

  it('is given the token as a secret', async () => {
    const { apiToken } = providerInputs(settings)
    expect(await pulumi.isSecret(apiToken as pulumi.Output<string>)).toBe(true)
  })
})

describe('a stack file', () => {
  it.each<[string, object, string[]]>([
    ['that lets nobody in', { allowedGroups: [] }, ['allowedGroups']],
    ['that does not say who may sign in', { allowedGroups: undefined }, ['allowedGroups']],
    ['that names a group twice', { allowedGroups: ['a', 'a'] }, ['allowedGroups']],
    ['with the address of the admin console', { domain: 'acme-admin.okta.com' }, ['domain']],
    ['with a URL for a domain', { domain: 'https://acme.okta.com' }, ['domain']],
    ['with half a domain', { domain: 'acme' }, ['domain']],
    ['without a token', { credentials: {} }, ['credentials.apiToken']],
  ])('%s is refused', (_, change, paths) => {
    const { error } = schema.safeParse({ ...stackFile, ...change })
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(paths)
  })

  it('may bring the directory’s token, or have a service app made', () => {
    for (const directory of [true, false, { apiToken: 'another-token' }]) {
      expect(schema.safeParse({ ...stackFile, directory }).success).toBe(true)
    }
    expect(settings.directory).toBe(false)
  })
})
