import type * as pulumi from '@pulumi/pulumi'

import type { PingOneSettings } from '../../config/index.ts'
import type { PingOneApplicationArgs, PingOneConnection } from '../../provider/index.ts'
import type { ClientRequest } from '../identity-provider.ts'

/** Shown in the console, followed by the stack's mark. */
export const DESCRIPTION = 'Made by Gatewright: what is changed here by hand, the next deployment puts back'

/** The one built-in role that reads users and groups and can change nothing. */
const READER = 'Identity Data Read Only'

const authMethods = { client_secret_basic: 'CLIENT_SECRET_BASIC', client_secret_post: 'CLIENT_SECRET_POST' } as const

/** Whose environment, and with what it is administered. */
export function connectionOf({ domain, environmentId, credentials }: PingOneSettings): PingOneConnection {
  return { domain, environmentId, credentials }
}

/** @see https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2.html */
export function issuerOf({ domain, environmentId }: PingOneSettings): string {
  return `https://auth.${domain}/${environmentId}/as`
}

/**
 * A web application that signs people in by code.
 * @param accessGroups ids of the groups whose members may
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol---web-app.html
 */
export function clientInputs(
  settings: PingOneSettings,
  request: ClientRequest,
  accessGroups: pulumi.Input<string[]>,
): PingOneApplicationArgs {
  // PingOne gives refresh tokens for this scope alone.
  const mayRefresh = settings.scopes.includes('offline_access')
  return {
    ...connectionOf(settings),
    name: request.clientName,
    type: 'WEB_APP',
    enabled: true,
    grantTypes: mayRefresh ? ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'] : ['AUTHORIZATION_CODE'],
    redirectUris: request.redirectUris,
    postLogoutRedirectUris: request.postLogoutRedirectUris,
    tokenEndpointAuthMethod: authMethods[request.authMethod ?? settings.authMethod],
    pkceEnforcement: request.pkce ? 'S256_REQUIRED' : 'OPTIONAL',
    homePageUrl: request.homeUrl,
    accessGroups,
    accessGroupType: 'ANY_GROUP',
    scopes: settings.scopes,
    // Identities are known by `sub`: another mapping would make strangers of everybody, or somebody of a stranger.
    attributes: { sub: '${user.id}', groups: '${user.memberOfGroupNames}' },
    ...(request.import === undefined ? {} : { takeOver: request.import }),
  }
}

/**
 * A worker application that may read users and groups of the environment, and nothing else.
 * @param name one of its kind in the environment
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol---worker-app.html
 */
export function directoryInputs(settings: PingOneSettings, name: string): PingOneApplicationArgs {
  return {
    ...connectionOf(settings),
    name,
    type: 'WORKER',
    enabled: true,
    grantTypes: ['CLIENT_CREDENTIALS'],
    redirectUris: [],
    postLogoutRedirectUris: [],
    tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
    accessGroups: [],
    accessGroupType: 'ANY_GROUP',
    roles: [READER],
  }
}
