import { describe, expect, it } from 'vitest'

import { entra } from '../../../infra/config/identity-providers/entra.ts'
import {
  applicationTag,
  clientInputs,
  directoryInputs,
  importId,
  MICROSOFT_GRAPH,
  providerInputs,
  servicePrincipalInputs,
} from '../../../infra/identity-providers/entra/inputs.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'
const OWNER = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'

const settings = (changes: object = {}) =>
  entra.parse({
    kind: 'entra',
    tenantId: TENANT,
    credentials: { clientId: 'admin', clientSecret: 'hidden' },
    ...changes,
  })

const request = {
  relyingParty: 'gateway',
  clientName: 'login.acme.com (production)',
  redirectUris: ['https://login.acme.com/callback/entra'],
  postLogoutRedirectUris: ['https://login.acme.com/signed-out'],
  backChannelLogoutUri: 'https://login.acme.com/back-channel-logout/entra',
  frontChannelLogoutUri: 'https://login.acme.com/front-channel-logout/entra',
  homeUrl: 'https://login.acme.com',
  pkce: true,
}

describe('the application of a client', () => {
  const inputs = clientInputs(request, settings({ scopes: ['openid', 'email', 'offline_access'] }), OWNER)

  it('says all that hangs on it, and leaves nothing to a default that Microsoft may move', () => {
    expect(inputs).toEqual({
      displayName: 'login.acme.com (production)',
      notes: 'Made by Gatewright: what is changed here by hand, the next deployment puts back',
      signInAudience: 'AzureADMyOrg',
      api: { requestedAccessTokenVersion: 2 },
      fallbackPublicClientEnabled: false,
      preventDuplicateNames: true,
      owners: [OWNER],
      tags: ['gatewright:login.acme.com (production)'],
      web: {
        homepageUrl: 'https://login.acme.com',
        redirectUris: ['https://login.acme.com/callback/entra', 'https://login.acme.com/signed-out'],
        logoutUrl: 'https://login.acme.com/front-channel-logout/entra',
        implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
      },
      groupMembershipClaims: ['ApplicationGroup'],
      optionalClaims: {
        idTokens: [
          { name: 'groups', additionalProperties: ['cloud_displayname'] },
          { name: 'email' },
          { name: 'auth_time' },
        ],
      },
      requiredResourceAccesses: [
        {
          resourceAppId: MICROSOFT_GRAPH,
          resourceAccesses: [
            { id: '37f7f235-527c-4136-accd-4a02d197296e', type: 'Scope' },
            { id: '64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0', type: 'Scope' },
            { id: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182', type: 'Scope' },
            { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
          ],
        },
      ],
    })
  })

  it('has no secret of its own', () => {
    expect(inputs).not.toHaveProperty('password')
  })

  it('has no sign-out page without TLS, which Entra does not take', () => {
    const http = { ...request, frontChannelLogoutUri: 'http://login.gw.localhost:8400/front-channel-logout/entra' }
    expect(clientInputs(http, settings(), OWNER).web).not.toHaveProperty('logoutUrl')
    const { frontChannelLogoutUri: _, ...without } = request
    expect(clientInputs(without, settings(), OWNER).web).not.toHaveProperty('logoutUrl')
  })

  it('shows the brand’s logo where that is pixels, for Entra takes no drawings', () => {
    const logoOf = (type: 'image/png' | 'image/svg+xml') => {
      const logo = { image: { type, data: 'AA==' }, url: 'https://login.acme.com/logo/brand' }
      return clientInputs({ ...request, logo }, settings(), OWNER).logoImage
    }
    expect(logoOf('image/png')).toBe('AA==')
    expect(logoOf('image/svg+xml')).toBeUndefined()
  })

  it('is for the accounts that the stack file’s tenants have, and for no others', () => {
    const shared = (tenantId: string, tenants: string[]) =>
      clientInputs(
        request,
        settings({ tenantId, tenants, credentials: { tenantId: TENANT, clientId: 'admin', clientSecret: 'hidden' } }),
        OWNER,
      ).signInAudience
    expect(shared('organizations', [TENANT])).toBe('AzureADMultipleOrgs')
    expect(shared('common', [TENANT])).toBe('AzureADMultipleOrgs')
    expect(shared('common', [TENANT, PERSONAL])).toBe('AzureADandPersonalMicrosoftAccount')
  })

  it('asks for nothing that is no permission of Microsoft Graph', () => {
    const { requiredResourceAccesses } = clientInputs(
      request,
      settings({ scopes: ['openid', 'openid', 'api://else/read'] }),
      OWNER,
    )
    expect(requiredResourceAccesses).toEqual([
      {
        resourceAppId: MICROSOFT_GRAPH,
        resourceAccesses: [
          { id: '37f7f235-527c-4136-accd-4a02d197296e', type: 'Scope' },
          { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
        ],
      },
    ])
  })
})

describe('the tag', () => {
  it('fits, however long the name, and differs for each', () => {
    const long = `${'login.'.repeat(45)}acme.com`
    expect(applicationTag(`${long} (a)`)).toMatch(/^gatewright:[0-9a-f]{64}$/)
    expect(applicationTag(`${long} (a)`)).not.toBe(applicationTag(`${long} (b)`))
  })
})

describe('the application of the directory', () => {
  const inputs = directoryInputs('login.acme.com (production) directory', OWNER, ['role-1', 'role-2'])

  it('has the two roles, and no way to sign in to it', () => {
    expect(inputs.requiredResourceAccesses).toEqual([
      {
        resourceAppId: MICROSOFT_GRAPH,
        resourceAccesses: [
          { id: 'role-1', type: 'Role' },
          { id: 'role-2', type: 'Role' },
        ],
      },
    ])
    expect(inputs).not.toHaveProperty('web')
    expect(inputs).not.toHaveProperty('groupMembershipClaims')
    expect(inputs).not.toHaveProperty('optionalClaims')
  })
})

describe('the service principal', () => {
  it.each([true, false])('lets only those in who are assigned: %s', (restricted) => {
    expect(servicePrincipalInputs('client', OWNER, restricted)).toEqual({
      clientId: 'client',
      appRoleAssignmentRequired: restricted,
      owners: [OWNER],
      featureTags: [{ enterprise: true }],
      useExisting: true,
    })
  })
})

describe('the official plugin', () => {
  it.each([
    ['https://login.microsoftonline.com', { environment: 'public' }],
    ['https://login.microsoftonline.us', { environment: 'usgovernment' }],
    ['https://login.partner.microsoftonline.cn', { environment: 'china' }],
    ['https://login.chinacloudapi.cn', { environment: 'china' }],
    ['https://management.local.azurestack.external', { metadataHost: 'management.local.azurestack.external' }],
    ['https://localhost:8443', { metadataHost: 'localhost:8443' }],
  ])('finds the cloud of %s', (authority, cloud) => {
    const { credentials } = settings()
    expect(providerInputs(settings({ authority }))).toEqual({
      tenantId: TENANT,
      clientId: 'admin',
      clientSecret: expect.anything(),
      useCli: false,
      ...cloud,
    })
    expect(credentials.clientSecret).not.toBe('hidden')
  })

  it('imports an application by its object id', () => {
    expect(importId(OWNER)).toBe(`/applications/${OWNER}`)
  })
})

describe('settings', () => {
  it('are complete with tenant and credentials', () => {
    const { credentials: _, attributes: __, ...rest } = settings()
    expect(rest).toEqual({
      kind: 'entra',
      enabled: true,
      provisioning: 'auto',
      linking: 'confirm',
      claims: [],
      tenantId: TENANT,
      authority: 'https://login.microsoftonline.com',
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      authMethod: 'client_secret_post',
      authorizationParameters: {},
      responseMode: 'query',
      emailTrust: 'verify-with-claim',
      allowedDomains: [],
      allowedGroups: [],
      clientSecrets: ['first'],
      clientSecretMaxAgeDays: 180,
      removal: 'allowed',
      directory: false,
    })
  })

  it.each([
    ['a tenant that is none', { tenantId: 'acme.com' }, 'a GUID; or common or organizations, with tenants'],
    ['an authority with a path', { authority: 'https://login.microsoftonline.com/common' }, 'without a path'],
    ['an authority without TLS', { authority: 'http://login.acme.com' }, 'use https'],
    ['an import by name', { import: 'login.acme.com' }, 'Object ID'],
  ])('refuse %s', (_title, changes, text) => {
    expect(() => settings(changes)).toThrow(text)
  })
})
