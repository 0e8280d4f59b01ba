import type { BroughtClient } from '../../config/index.ts'
import type { ClientRequest } from '../identity-provider.ts'

/** What somebody has to do by hand at a provider without dynamic client registration. */
export function byHand(issuer: string, client: BroughtClient, request: ClientRequest): string {
  const { redirectUris, postLogoutRedirectUris, backChannelLogoutUri } = request
  return [
    `The client ${client.id} at ${issuer} is not registered by this stack. It needs exactly:`,
    ...redirectUris.map((uri) => `  ${uri} as redirect URI`),
    ...postLogoutRedirectUris.map((uri) => `  ${uri} as post-logout redirect URI`),
    ...(backChannelLogoutUri === undefined ? [] : [`  ${backChannelLogoutUri} as back-channel logout URI`]),
    '  the authorization code grant, with PKCE (S256) where it can be asked for',
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
