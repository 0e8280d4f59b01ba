import type { OidcSettings } from '../../config/index.ts'
import type { ClientRequest } from '../identity-provider.ts'

/** What a registered client hangs on, beside what is asked for. */
export interface Registrar {
  issuer: string
  scopes: string[]
  authMethod: OidcSettings['authMethod']
}

/**
 * What a server is told of a client (RFC 7591 §2). Front-channel sign-out is left out: who offers it to clients that
 * register themselves offers back-channel sign-out, too, which reaches the gateway without the person's browser.
 */
export function clientInputs({ issuer, scopes, ...registrar }: Registrar, request: ClientRequest) {
  const { backChannelLogoutUri, authMethod = registrar.authMethod } = request
  return {
    issuer,
    clientName: request.clientName,
    redirectUris: request.redirectUris,
    postLogoutRedirectUris: request.postLogoutRedirectUris,
    ...(backChannelLogoutUri === undefined ? {} : { backChannelLogoutUri, backChannelLogoutSessionRequired: true }),
    grantTypes: ['authorization_code' as const, 'refresh_token' as const],
    tokenEndpointAuthMethod: authMethod,
    ...(authMethod === 'private_key_jwt' ? { tokenEndpointAuthSigningAlg: 'ES256' as const } : {}),
    scope: scopes.join(' '),
  }
}

/** What somebody has to do by hand at a provider without dynamic client registration. */
export function byHand(
  issuer: string,
  clientId: string,
  request: ClientRequest,
  redirectUris: readonly string[],
): string {
  const { postLogoutRedirectUris, backChannelLogoutUri, frontChannelLogoutUri } = request
  return [
    `The client ${clientId} at ${issuer} is not registered by this stack. It needs exactly:`,
    ...redirectUris.map((uri) => `  ${uri} as redirect URI`),
    ...postLogoutRedirectUris.map((uri) => `  ${uri} as post-logout redirect URI`),
    ...(backChannelLogoutUri === undefined ? [] : [`  ${backChannelLogoutUri} as back-channel logout URI`]),
    ...(frontChannelLogoutUri === undefined
      ? []
      : [`  ${frontChannelLogoutUri} as front-channel logout URI, where it has no back channel`]),
    `  the authorization code grant${request.pkce ? ', with PKCE (S256) where it can be asked for' : ', without PKCE'}`,
  ].join('\n')
}

/**
 * Which options of the stack file count for the clients: each name in `clientSecrets` is a client of its own, so that
 * while one takes over from the other, neither may be protected from deletion or left behind.
 */
export function removalOf(settings: { removal: 'allowed' | 'protected' | 'retained'; clientSecrets: string[] }): {
  removal: 'allowed' | 'protected' | 'retained'
} {
  return { removal: settings.clientSecrets.length > 1 ? 'allowed' : settings.removal }
}
