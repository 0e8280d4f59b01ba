import * as pulumi from '@pulumi/pulumi'

import type { OidcSettings } from '../config/index.ts'
import { OidcClient } from '../provider/index.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from './identity-provider.ts'

/** What any provider with dynamic client registration is told. */
export interface OidcRegistrar {
  issuer: string
  initialAccessToken: pulumi.Output<string>
  scopes: string[]
  authMethod: OidcSettings['authMethod']
}

/**
 * Any provider with dynamic client registration.
 * @see RFC 7591 (register), RFC 7592 (read, update, delete)
 */
export class Oidc extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly people = {}
  private readonly key: string
  private readonly registrar: OidcRegistrar

  constructor({ id, parent }: ProviderContext, settings: OidcSettings) {
    super('gatewright:identityProvider:Oidc', id, {}, { parent })
    this.key = id
    const { issuer, credentials, scopes, authMethod } = settings
    this.issuer = issuer
    this.registrar = { issuer, initialAccessToken: credentials.initialAccessToken, scopes, authMethod }
    this.registerOutputs({ issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    return registerDynamically(this.key, this.registrar, request, { parent: this })
  }
}

/** Registers one client: code flow with refresh tokens, with exactly the URLs that were asked for. */
export function registerDynamically(
  id: string,
  { issuer, initialAccessToken, scopes, authMethod }: OidcRegistrar,
  request: ClientRequest,
  options: pulumi.CustomResourceOptions,
): ClientRegistration {
  const client = new OidcClient(
    `${id}-${request.relyingParty}`,
    {
      issuer,
      initialAccessToken,
      clientName: request.clientName,
      redirectUris: request.redirectUris,
      postLogoutRedirectUris: request.postLogoutRedirectUris,
      grantTypes: ['authorization_code', 'refresh_token'],
      tokenEndpointAuthMethod: authMethod,
      scope: scopes.join(' '),
    },
    options,
  )
  return { clientId: client.clientId, clientSecret: client.clientSecret }
}
