import * as pulumi from '@pulumi/pulumi'

import type { OidcSettings } from '../../config/index.ts'
import { advise, broughtCredentials } from '../brought-client.ts'
import { clientOptions } from '../client-options.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from '../identity-provider.ts'
import { ofRedirectUris } from '../redirect-uris.ts'
import { byHand, removalOf } from './inputs.ts'
import { registerDynamically } from './register-dynamically.ts'

/**
 * Any provider: with dynamic client registration, or with a client that somebody made there by hand.
 * @see RFC 7591 (register), RFC 7592 (read, update, delete)
 */
export class Oidc extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  private readonly key: string
  private readonly settings: OidcSettings

  constructor({ id, parent }: ProviderContext, settings: OidcSettings) {
    super('gatewright:identityProvider:Oidc', id, {}, { parent })
    this.key = id
    this.settings = settings
    this.issuer = settings.issuer
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const { credentials } = this.settings
    const client = request.client ?? this.settings.client
    if (client) {
      advise(
        this,
        ofRedirectUris(request.redirectUris, (uris) => byHand(this.issuer, client.id, request, uris)),
      )
      return { credentials: broughtCredentials(client) }
    }
    // The schema asks for one of the two.
    if (!credentials) throw new Error(`${this.key} has neither client nor credentials`)
    const registrar = { ...this.settings, initialAccessToken: credentials.initialAccessToken }
    return registerDynamically(this.key, registrar, request, clientOptions(removalOf(this.settings), this))
  }
}
