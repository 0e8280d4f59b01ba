import * as pulumi from '@pulumi/pulumi'

import { OidcClient } from '../../provider/index.ts'
import type { ClientCredential, ClientRegistration, ClientRequest } from '../identity-provider.ts'

/** What any provider with dynamic client registration is told. */
export interface OidcRegistrar {
  issuer: string
  initialAccessToken: pulumi.Output<string>
  scopes: string[]
  authMethod: 'client_secret_post' | 'client_secret_basic'
  clientSecrets: string[]
}

/**
 * Registers clients: code flow with refresh tokens, with exactly the URLs that were asked for. RFC 7592 has no second
 * secret, so that each name in `clientSecrets` is a client of its own; the first of all bears no name, as it is most
 * often the only one.
 */
export function registerDynamically(
  id: string,
  registrar: OidcRegistrar,
  request: ClientRequest,
  options: pulumi.CustomResourceOptions,
): ClientRegistration {
  const register = (secretName: string): ClientCredential => {
    const client = new OidcClient(
      secretName === 'first' ? `${id}-${request.relyingParty}` : `${id}-${request.relyingParty}-${secretName}`,
      {
        issuer: registrar.issuer,
        initialAccessToken: registrar.initialAccessToken,
        clientName: request.clientName,
        redirectUris: request.redirectUris,
        postLogoutRedirectUris: request.postLogoutRedirectUris,
        ...(request.backChannelLogoutUri === undefined ? {} : { backChannelLogoutUri: request.backChannelLogoutUri }),
        grantTypes: ['authorization_code', 'refresh_token'],
        tokenEndpointAuthMethod: registrar.authMethod,
        scope: registrar.scopes.join(' '),
      },
      options,
    )
    return { name: secretName, clientId: client.clientId, clientSecret: pulumi.secret(client.clientSecret) }
  }
  return { credentials: registrar.clientSecrets.map(register) }
}
