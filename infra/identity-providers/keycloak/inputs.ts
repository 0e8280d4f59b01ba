import { createHash } from 'node:crypto'

import type * as keycloak from '@pulumi/keycloak'

import type { KeycloakSettings } from '../../config/index.ts'
import type { ClientRequest } from '../identity-provider.ts'

/** Name of the claim, and of the mapper that puts it into ID tokens. */
export const GROUPS = 'groups'

/** Shown in the console, followed by the stack's mark: a client is known by that as one of ours. */
export const DESCRIPTION = 'Made by Gatewright: what is changed here by hand, the next deployment puts back'

/** The column of Keycloak's database ends there, and a longer id is answered by 500. */
const LONGEST_CLIENT_ID = 255

/** In seconds. The plugin's own default is five, too little for a Keycloak that has just been started. */
const PLUGIN_TIMEOUT = 15

/** Client scopes that a realm gives to every client by default: they need not and cannot be optional as well. */
const DEFAULT_SCOPES = new Set(['openid', 'acr', 'basic', 'email', 'profile', 'roles', 'web-origins'])

/** Where a realm is; its administration lies under the same address. */
export type RealmAddress = Pick<KeycloakSettings, 'url' | 'basePath' | 'realm'>

/** The server's address, without a slash at its end. */
export function serverUrl({ url, basePath = '' }: RealmAddress): string {
  return url + basePath
}

/** @see https://www.keycloak.org/securing-apps/oidc-layers */
export function issuerOf(address: RealmAddress): string {
  return `${serverUrl(address)}/realms/${encodeURIComponent(address.realm)}`
}

/**
 * What the plugin is told. It signs in at its first request and not before, so that a preview sends no credential
 * anywhere unless it has to ask something.
 */
export function providerInputs(settings: RealmAddress & Pick<KeycloakSettings, 'credentials'>): keycloak.ProviderArgs {
  const { url, basePath = '', realm, credentials } = settings
  return { url, basePath, realm, ...credentials, initialLogin: false, clientTimeout: PLUGIN_TIMEOUT }
}

/**
 * A readable client id, for Keycloak does not make one: `login.acme.com (production)` becomes
 * `gatewright-login.acme.com-production`.
 * @param clientName one of its kind in the realm
 */
export function clientIdOf(clientName: string): string {
  const id = `gatewright ${clientName}`
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/-$/, '')
  if (id.length <= LONGEST_CLIENT_ID) return id
  const digest = createHash('sha256').update(clientName).digest('hex').slice(0, 16)
  return `${id.slice(0, LONGEST_CLIENT_ID - digest.length - 1)}-${digest}`
}

/**
 * A client for a relying party: code flow alone, with PKCE and refresh tokens. What a hand could open is said even where
 * it is Keycloak's default, so that it shows when it is changed.
 * @see https://www.keycloak.org/docs/latest/server_admin/#_oidc_clients
 */
export function clientInputs(realm: string, request: ClientRequest): keycloak.openid.ClientArgs {
  const { clientName, redirectUris, postLogoutRedirectUris, backChannelLogoutUri, homeUrl } = request
  return {
    realmId: realm,
    clientId: clientIdOf(clientName),
    name: clientName,
    description: DESCRIPTION,
    enabled: true,
    accessType: 'CONFIDENTIAL',
    clientAuthenticatorType: 'client-secret',
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    pkceCodeChallengeMethod: request.pkce ? 'S256' : '',
    useRefreshTokens: true,
    validRedirectUris: redirectUris,
    // Empty would mean "as the redirect URIs"; a dash means none.
    validPostLogoutRedirectUris: postLogoutRedirectUris.length > 0 ? postLogoutRedirectUris : ['-'],
    webOrigins: [],
    baseUrl: homeUrl,
    consentRequired: false,
    frontchannelLogoutEnabled: false,
    // The plugin would leave a former one as it is if there were none here.
    backchannelLogoutUrl: backChannelLogoutUri ?? '',
    backchannelLogoutSessionRequired: true,
    // Otherwise the access token carries every role of the person.
    fullScopeAllowed: false,
  }
}

/**
 * Names of the groups that a person is directly in, in the ID token. Without the path, so that rules can say `staff`;
 * subgroups of one name under different parents then look the same.
 * @see https://www.keycloak.org/docs/latest/server_admin/#_protocol-mappers
 */
export function groupsMapperInputs(realm: string): Omit<keycloak.openid.GroupMembershipProtocolMapperArgs, 'clientId'> {
  return {
    realmId: realm,
    name: GROUPS,
    claimName: GROUPS,
    fullPath: false,
    addToIdToken: true,
    addToAccessToken: false,
    addToUserinfo: false,
    addToTokenIntrospection: false,
  }
}

/**
 * The client scopes that a sign-in may ask for beyond a realm's default ones, and no others: Keycloak answers
 * `invalid_scope` for a scope that the client does not have.
 * @param scopes as in the stack file
 */
export function optionalScopes(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => !DEFAULT_SCOPES.has(scope))
}

/**
 * The client with which users and groups are read.
 * @param name one of its kind in the realm
 */
export function directoryClientInputs(realm: string, name: string): keycloak.openid.ClientArgs {
  return {
    realmId: realm,
    clientId: clientIdOf(name),
    name,
    description: DESCRIPTION,
    enabled: true,
    accessType: 'CONFIDENTIAL',
    clientAuthenticatorType: 'client-secret',
    standardFlowEnabled: false,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: true,
    useRefreshTokens: false,
    frontchannelLogoutEnabled: false,
    // The administration API looks for its roles in the token, where this alone puts them; there is no other role.
    fullScopeAllowed: true,
  }
}

/** The one role that lets users, groups and memberships be read. */
export const DIRECTORY_ROLE = 'view-users'

/** The client whose roles rule the administration of a realm. */
export function managementClientId(realm: string): string {
  return realm === 'master' ? 'master-realm' : 'realm-management'
}
