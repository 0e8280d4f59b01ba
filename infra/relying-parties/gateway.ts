import { callbackUrl, signedOutUrl } from '../../runtime/config.ts'
import type { ClientRequest } from '../identity-providers/index.ts'

/**
 * What our own gateway asks of an identity provider.
 * @param url the login host's origin
 * @param stack several stacks may share one tenant: its name is part of the client's
 */
export function gatewayClient(identityProvider: string, url: string, stack: string): ClientRequest {
  return {
    relyingParty: 'gateway',
    clientName: `${new URL(url).hostname} (${stack})`,
    redirectUris: [callbackUrl(url, identityProvider)],
    postLogoutRedirectUris: [signedOutUrl(url)],
  }
}
