import { createHash } from 'node:crypto'

import type * as auth0 from '@pulumi/auth0'
import type * as pulumi from '@pulumi/pulumi'

import type { Auth0Settings } from '../../config/index.ts'
import type { ClientRequest } from '../identity-provider.ts'

/** The trigger that runs Actions after a sign-in, and when a refresh token is used. */
export const POST_LOGIN = 'post-login'

/** Shown in the dashboard, followed by the stack's mark; Auth0 takes 140 characters. */
export const DESCRIPTION = 'Made by Gatewright: what is changed here by hand, the next deployment puts back'

/** In seconds. Everything of a kind is set, because Auth0's own defaults differ between its API and its dashboard. */
const ID_TOKEN_LIFETIME = 36_000
const REFRESH_TOKEN_LIFETIME = 2_592_000
const REFRESH_TOKEN_IDLE_LIFETIME = 1_296_000
/** How long the former refresh token still works after a rotation, so that an answer lost on its way signs nobody out. */
const REFRESH_TOKEN_LEEWAY = 30

/**
 * An application for a relying party.
 * @see https://auth0.com/docs/api/management/v2/clients/post-clients
 */
export function clientInputs(
  settings: Pick<Auth0Settings, 'backChannelLogout'>,
  request: ClientRequest,
): auth0.ClientArgs {
  const { backChannelLogoutUri, homeUrl } = request
  return {
    name: request.clientName,
    description: DESCRIPTION,
    appType: 'regular_web',
    isFirstParty: true,
    oidcConformant: true,
    callbacks: request.redirectUris,
    allowedLogoutUrls: request.postLogoutRedirectUris,
    grantTypes: ['authorization_code', 'refresh_token'],
    // The API's default is HS256, signed with the client secret.
    jwtConfiguration: { alg: 'RS256', lifetimeInSeconds: ID_TOKEN_LIFETIME },
    refreshToken: {
      rotationType: 'rotating',
      expirationType: 'expiring',
      leeway: REFRESH_TOKEN_LEEWAY,
      infiniteTokenLifetime: false,
      tokenLifetime: REFRESH_TOKEN_LIFETIME,
      infiniteIdleTokenLifetime: false,
      idleTokenLifetime: REFRESH_TOKEN_IDLE_LIFETIME,
    },
    // Where people go who come to Auth0's sign-in page by a bookmark; Auth0 takes https alone.
    ...(homeUrl.startsWith('https://') ? { initiateLoginUri: homeUrl } : {}),
    ...(request.logo?.url.startsWith('https://') ? { logoUri: request.logo.url } : {}),
    ...(!settings.backChannelLogout || backChannelLogoutUri === undefined
      ? {}
      : {
          oidcLogout: {
            backchannelLogoutUrls: [backChannelLogoutUri],
            backchannelLogoutInitiators: { mode: 'all' },
          },
        }),
  }
}

/**
 * The application with which users and roles are read.
 * @param name one of its kind in the tenant
 */
export function directoryClientInputs(name: string): auth0.ClientArgs {
  return {
    name,
    description: DESCRIPTION,
    appType: 'non_interactive',
    isFirstParty: true,
    oidcConformant: true,
    grantTypes: ['client_credentials'],
    jwtConfiguration: { alg: 'RS256', lifetimeInSeconds: ID_TOKEN_LIFETIME },
  }
}

/**
 * What the directory's application may do: read people, roles, and who has which role.
 * @see https://auth0.com/docs/api/management/v2/roles/get-role-user
 */
export function directoryGrantInputs(domain: string, clientId: pulumi.Input<string>): auth0.ClientGrantArgs {
  return { clientId, audience: managementAudience(domain), scopes: ['read:users', 'read:roles', 'read:role_members'] }
}

/** Identifier of a tenant's Management API, which is its address too. */
export function managementAudience(domain: string): string {
  return `https://${domain}/api/v2/`
}

/**
 * What an Action is called that belongs to an application. Dots and brackets are left out, to be on the safe side of what
 * Auth0 takes in such a name; the digest tells it from those of other stacks, and from what would then be the same.
 * @param description of the application, with the stack's mark
 */
export function actionName(clientName: string, description: string): string {
  const words = clientName.replace(/[^A-Za-z0-9]+/g, ' ').trim()
  const digest = createHash('sha256')
    .update(JSON.stringify([clientName, description]))
    .digest('hex')
  return `${words} ${digest.slice(0, 16)}`
}

/**
 * @param name one of its kind in the tenant
 * @param code as `postLoginCode` writes it
 * @see https://auth0.com/docs/api/management/v2/actions/post-action
 */
export function actionInputs(name: pulumi.Input<string>, code: pulumi.Input<string>): auth0.ActionArgs {
  return { name, code, runtime: 'node22', supportedTriggers: { id: POST_LOGIN, version: 'v3' }, deploy: true }
}
