import { backChannelLogoutUrl, callbackUrl, frontChannelLogoutUrl, signedOutUrl } from '../../runtime/config.ts'
import type { ClientRequest } from '../identity-providers/index.ts'

/**
 * What our own gateway asks of an identity provider.
 * @param url the login host's origin
 * @param displayName what things of this stack are called at a vendor
 */
export function gatewayClient(identityProvider: string, url: string, displayName: string): ClientRequest {
  return {
    relyingParty: 'gateway',
    clientName: displayName,
    redirectUris: [callbackUrl(url, identityProvider)],
    postLogoutRedirectUris: [signedOutUrl(url)],
    backChannelLogoutUri: backChannelLogoutUrl(url, identityProvider),
    frontChannelLogoutUri: frontChannelLogoutUrl(url, identityProvider),
    homeUrl: url,
  }
}
