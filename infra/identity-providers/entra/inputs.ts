import { createHash } from 'node:crypto'

import type * as azuread from '@pulumi/azuread'
import type * as pulumi from '@pulumi/pulumi'

import { type EntraSettings, homeTenant, isShared, PERSONAL_ACCOUNTS } from '../../config/index.ts'
import { entraCloud } from '../../provider/index.ts'
import type { ClientRequest } from '../identity-provider.ts'
import { ofRedirectUris } from '../redirect-uris.ts'

/** Client id of Microsoft Graph, in every tenant. */
export const MICROSOFT_GRAPH = '00000003-0000-0000-c000-000000000000'

/** What an assignment names where the application has no roles of its own. */
export const NO_ROLE = '00000000-0000-0000-0000-000000000000'

/**
 * Delegated permissions of Microsoft Graph that a sign-in may ask for, by scope.
 * @see https://learn.microsoft.com/en-us/graph/permissions-reference
 */
const delegatedPermissions: Readonly<Record<string, string>> = {
  openid: '37f7f235-527c-4136-accd-4a02d197296e',
  profile: '14dad69e-099b-42c9-810b-d002981feec1',
  email: '64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0',
  offline_access: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
  'User.Read': 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
}

/** What Entra takes for a tag, in characters. */
const MAX_TAG_LENGTH = 256

/** Shown in the portal; Entra takes 1,024 characters. */
const NOTES = 'Made by Gatewright: what is changed here by hand, the next deployment puts back'

/**
 * How the official plugin finds the tenant: a cloud that it knows by name, any other by what that says of itself.
 * @see https://www.pulumi.com/registry/packages/azuread/api-docs/provider/
 */
export function providerInputs(settings: EntraSettings): azuread.ProviderArgs {
  const { authority, credentials } = settings
  const { clientId, clientSecret } = credentials
  const cloud = entraCloud(authority)
  return {
    tenantId: homeTenant(settings),
    clientId,
    clientSecret,
    ...(cloud ? { environment: cloud.environment } : { metadataHost: new URL(authority).host }),
    // Not somebody's own sign-in, should the credential be refused.
    useCli: false,
  }
}

/**
 * The issuer of a tenant; of `common` and `organizations`, the address at which people of several sign in.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens
 */
export function issuerOf(authority: string, tenantId: string): string {
  return `${authority}/${tenantId}/v2.0`
}

/**
 * By what an application is known again as this stack's, whatever it is called at the moment: the official plugin gives
 * a new application another name for a while.
 */
export function applicationTag(name: string): string {
  const tag = `gatewright:${name}`
  return tag.length <= MAX_TAG_LENGTH ? tag : `gatewright:${createHash('sha256').update(name).digest('hex')}`
}

/** What a secret is called in the portal. */
export function secretDisplayName(name: string): string {
  return `Gatewright ${name}`
}

/**
 * An application for a relying party.
 *
 * Groups stand in the ID token by name, which Entra does for cloud groups alone, and only where the claim is limited to
 * groups that are assigned to the application. That limit is wanted: names are not unique in a tenant, and whoever may
 * make groups could otherwise make one with the name of another.
 * @param owner object id of who administers it
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference
 */
export function clientInputs(
  request: ClientRequest,
  settings: Pick<EntraSettings, 'scopes' | 'tenantId' | 'tenants'>,
  owner: pulumi.Input<string>,
): azuread.ApplicationArgs {
  return {
    ...sharedInputs(request.clientName, owner),
    signInAudience: audienceOf(settings),
    ...logoImage(request),
    web: {
      homepageUrl: request.homeUrl,
      // Entra sends people after sign-out only to what is a redirect URI too.
      redirectUris: ofRedirectUris(request.redirectUris, (uris) => [
        ...new Set([...uris, ...request.postLogoutRedirectUris]),
      ]),
      ...logoutUrl(request),
      implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
    },
    groupMembershipClaims: ['ApplicationGroup'],
    optionalClaims: {
      idTokens: [
        { name: 'groups', additionalProperties: ['cloud_displayname'] },
        { name: 'email' },
        // When the person signed in: a route that asks for a recent sign-in lets nobody pass without it.
        { name: 'auth_time' },
      ],
    },
    requiredResourceAccesses: [
      {
        resourceAppId: MICROSOFT_GRAPH,
        resourceAccesses: permissionIds(settings.scopes).map((id) => ({ id, type: 'Scope' })),
      },
    ],
  }
}

/** Who may have an account; which of the tenants' people come in is for the gateway to say, by its list. */
function audienceOf(settings: Pick<EntraSettings, 'tenantId' | 'tenants'>): string {
  if (!isShared(settings)) return 'AzureADMyOrg'
  const isPersonal = settings.tenants?.some((tenant) => tenant.toLowerCase() === PERSONAL_ACCOUNTS) === true
  return isPersonal ? 'AzureADandPersonalMicrosoftAccount' : 'AzureADMultipleOrgs'
}

/** Entra takes pixels alone, at most 100 KiB of them. */
function logoImage({ logo }: ClientRequest): { logoImage?: string } {
  return logo && logo.image.type !== 'image/svg+xml' ? { logoImage: logo.image.data } : {}
}

/** Entra's only word that a session has ended: a page that it has the browser load. It takes https alone. */
function logoutUrl({ frontChannelLogoutUri }: ClientRequest): { logoutUrl?: string } {
  return frontChannelLogoutUri?.startsWith('https://') ? { logoutUrl: frontChannelLogoutUri } : {}
}

/**
 * The application with which users and groups are read: nobody signs in to it.
 * @param name one of its kind in the tenant
 * @param roleIds of Microsoft Graph's application roles
 */
export function directoryInputs(
  name: string,
  owner: pulumi.Input<string>,
  roleIds: pulumi.Input<string>[],
): azuread.ApplicationArgs {
  return {
    ...sharedInputs(name, owner),
    requiredResourceAccesses: [
      { resourceAppId: MICROSOFT_GRAPH, resourceAccesses: roleIds.map((id) => ({ id, type: 'Role' })) },
    ],
  }
}

function sharedInputs(name: string, owner: pulumi.Input<string>): azuread.ApplicationArgs {
  return {
    displayName: name,
    notes: NOTES,
    signInAudience: 'AzureADMyOrg',
    api: { requestedAccessTokenVersion: 2 },
    fallbackPublicClientEnabled: false,
    preventDuplicateNames: true,
    // An owner can add callbacks and secrets, so that every other one shows as drift.
    owners: [owner],
    tags: [applicationTag(name)],
  }
}

/**
 * The application as the tenant's people meet it.
 * @param restricted whether only those may enter who are assigned to it
 */
export function servicePrincipalInputs(
  clientId: pulumi.Input<string>,
  owner: pulumi.Input<string>,
  restricted: boolean,
): azuread.ServicePrincipalArgs {
  return {
    clientId,
    appRoleAssignmentRequired: restricted,
    owners: [owner],
    // Where administrators look for it: among the enterprise applications.
    featureTags: [{ enterprise: true }],
    // Takes over what a deployment left behind, and what an application that is imported has already.
    useExisting: true,
  }
}

/** As the official plugin names an application that is to be imported. */
export function importId(objectId: string): string {
  return `/applications/${objectId}`
}

/** Those of the scopes that are permissions, and what reading one's own profile needs. */
function permissionIds(scopes: readonly string[]): string[] {
  return [...new Set([...scopes, 'User.Read'])].flatMap((scope) => delegatedPermissions[scope] ?? [])
}
