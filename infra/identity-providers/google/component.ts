import * as pulumi from '@pulumi/pulumi'

import type { GoogleSettings } from '../../config/index.ts'
import { advise, broughtCredentials } from '../brought-client.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from '../identity-provider.ts'
import { directoryCredential } from './directory.ts'
import { ofRedirectUris } from '../redirect-uris.ts'
import { byHand } from './inputs.ts'

/**
 * Google, with a client that somebody made in its console. Two secrets of it may be good at the same time; ID tokens
 * name no groups, so that `user.groups` comes from the directory alone.
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 */
export class Google extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  private readonly settings: GoogleSettings

  constructor({ id, parent }: ProviderContext, settings: GoogleSettings) {
    super('gatewright:identityProvider:Google', id, {}, { parent })
    this.settings = settings
    this.issuer = settings.issuer
    this.directory = settings.directory && directoryCredential(id, settings.directory)
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const client = request.client ?? this.settings.client
    advise(
      this,
      ofRedirectUris(request.redirectUris, (uris) => byHand(client.id, uris, this.settings)),
    )
    return { credentials: broughtCredentials(client) }
  }
}
