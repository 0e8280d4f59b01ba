import type * as okta from '@pulumi/okta'

import type { OktaSettings } from '../../config/index.ts'
import type { ClientRequest } from '../identity-provider.ts'
import { ofRedirectUris } from '../redirect-uris.ts'

/** What the directory's service app may read. */
export const DIRECTORY_SCOPES = ['okta.groups.read', 'okta.users.read']

/** What a service app needs beside its scopes, which never reach further than its role. */
export const DIRECTORY_ROLE = 'READ_ONLY_ADMIN'

/** Followed by the stack's mark; at most 250 characters. */
export const ADMIN_NOTE = 'Made by Gatewright. What is changed here by hand, its next deployment puts back.'

/**
 * What Okta switches on by default or lets an administrator switch on, and what would let more people or addresses in
 * than the stack file says. Written down so that a refresh shows a change.
 */
const STRICT = { status: 'ACTIVE', implicitAssignment: false, wildcardRedirect: 'DISABLED' } as const

/**
 * Where an organisation is.
 * @param domain `acme.okta.com`
 */
export function orgUrl(domain: string): string {
  return `https://${domain}`
}

/** Arguments of the official provider, which puts the address together again. */
export function providerInputs({ domain, credentials }: OktaSettings): okta.ProviderArgs {
  const dot = domain.indexOf('.')
  return { orgName: domain.slice(0, dot), baseUrl: domain.slice(dot + 1), apiToken: credentials.apiToken }
}

/**
 * A web app: code flow with refresh tokens and PKCE, with exactly the URLs that were asked for.
 *
 * Okta's secret is left out of the state, since the app's secrets are resources of their own. The authentication policy
 * is left to Okta's administrators: to manage it would mean to put an old one back over a stricter one. There is no tile
 * on people's dashboards, because the official plugin cannot send "not hidden"; and no back-channel logout, which Okta
 * does not have.
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Application/
 */
export function clientInputs(settings: OktaSettings, request: ClientRequest): okta.app.OAuthArgs {
  return {
    ...STRICT,
    type: 'web',
    label: request.clientName,
    adminNote: ADMIN_NOTE,
    grantTypes: ['authorization_code', 'refresh_token'],
    responseTypes: ['code'],
    redirectUris: ofRedirectUris(request.redirectUris, (uris) => uris.toSorted()),
    postLogoutRedirectUris: request.postLogoutRedirectUris.toSorted(),
    tokenEndpointAuthMethod: request.authMethod ?? settings.authMethod,
    pkceRequired: request.pkce,
    issuerMode: 'ORG_URL',
    clientUri: request.homeUrl,
    loginUri: request.homeUrl,
    refreshTokenRotation: 'STATIC',
    omitSecret: true,
    skipAuthenticationPolicy: true,
    ...(settings.scopes.includes('groups') ? { groupsClaim: GROUPS_CLAIM } : {}),
  }
}

/** Every group's name, in the ID token; Okta leaves it out of those without the scope `groups`. */
const GROUPS_CLAIM = { type: 'FILTER', filterType: 'REGEX', name: 'groups', value: '.*' }

/**
 * The service app with which users and groups are read: it proves itself by a key and has no secret.
 * @see https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/
 */
export function directoryInputs(label: string): Omit<okta.app.OAuthArgs, 'jwks'> {
  return {
    ...STRICT,
    type: 'service',
    label,
    adminNote: ADMIN_NOTE,
    grantTypes: ['client_credentials'],
    responseTypes: ['token'],
    tokenEndpointAuthMethod: 'private_key_jwt',
    pkceRequired: false,
    issuerMode: 'ORG_URL',
    omitSecret: true,
    skipAuthenticationPolicy: true,
  }
}

/**
 * Assignments of an app, in an order that the stack file's does not change.
 * @param groupIds of all groups that may sign in
 */
export function assignmentInputs(groupIds: readonly string[]): okta.types.input.AppGroupAssignmentsGroup[] {
  return groupIds.toSorted().map((id) => ({ id, profile: '{}' }))
}
