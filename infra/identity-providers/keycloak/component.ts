import type * as keycloak from '@pulumi/keycloak'
import * as pulumi from '@pulumi/pulumi'

import type { KeycloakSettings } from '../../config/index.ts'
import { SecretKey } from '../../provider/index.ts'
import { clientOptions } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from '../identity-provider.ts'
import { marked } from '../mark.ts'
import { known } from './admin.ts'
import { makeDirectory } from './directory.ts'
import {
  clientIdOf,
  clientInputs,
  DESCRIPTION,
  groupsMapperInputs,
  issuerOf,
  optionalScopes,
  providerInputs,
} from './inputs.ts'
import { beforeCreate, clearClient, clearMapper } from './leftovers.ts'
import { type KeycloakSdk, loadSdk } from './sdk.ts'

/**
 * A realm of Keycloak. Its clients have one secret at a time, which we choose: the rotation policy with two is a preview
 * feature that a server has to be started with, and makes the secrets itself.
 * @see https://www.keycloak.org/docs/latest/server_admin/#_secret_rotation
 */
export class Keycloak extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  private readonly key: string
  private readonly settings: KeycloakSettings
  private readonly sdk: KeycloakSdk
  private readonly provider: keycloak.Provider

  constructor({ id, displayName, parent }: ProviderContext, settings: KeycloakSettings) {
    super('gatewright:identityProvider:Keycloak', id, {}, { parent })
    this.key = id
    this.settings = settings
    this.sdk = loadSdk()
    this.provider = new this.sdk.Provider(id, providerInputs(settings), { parent: this })
    this.issuer = issuerOf(settings)
    if (settings.directory) {
      const { sdk, provider } = this
      this.directory = makeDirectory(
        { sdk, provider, parent: this, id, displayName, settings },
        settings.clientSecrets[0] ?? '',
      )
    }
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const { settings } = this
    const name = `${this.key}-${request.relyingParty}`
    const keys = settings.clientSecrets.map((secret) => ({
      name: secret,
      value: new SecretKey(`${name}-${secret}`, { bytes: 32 }, { parent: this }).value,
    }))
    const client = this.makeClient(name, request, keys[0]?.value)
    // Whoever uses a secret waits until Keycloak has it.
    const afterwards = (value: pulumi.Output<string>): pulumi.Output<string> =>
      pulumi.secret(pulumi.all([value, client.id]).apply(([secret]) => secret))
    return {
      credentials: keys.map(({ name: secret, value }) => ({
        name: secret,
        clientId: client.clientId,
        clientSecret: afterwards(value),
      })),
    }
  }

  private makeClient(
    name: string,
    request: ClientRequest,
    clientSecret: pulumi.Output<string> | undefined,
  ): keycloak.openid.Client {
    const { sdk, provider, settings } = this
    const { realm, removal } = settings
    const { import: taken } = request
    const clientId = clientIdOf(request.clientName)
    const description = marked(DESCRIPTION, name, this)
    const options = clientOptions({ removal, ...(taken === undefined ? {} : { import: `${realm}/${taken}` }) }, this)
    const hooks = beforeCreate(async () => clearClient(this.key, settings, clientId, await known(description)))
    const inputs = { ...clientInputs(realm, request), description, ...(clientSecret ? { clientSecret } : {}) }
    const client = new sdk.openid.Client(name, inputs, { ...options, provider, hooks })
    // What belongs to the client goes, or stays, with it.
    const belonging = { provider, parent: this, deletedWith: client, retainOnDelete: removal === 'retained' }
    new sdk.openid.GroupMembershipProtocolMapper(
      name,
      { ...groupsMapperInputs(realm), clientId: client.id },
      { ...belonging, hooks: beforeCreate(() => clearMapper(settings, clientId)) },
    )
    new sdk.openid.ClientOptionalScopes(
      name,
      { realmId: realm, clientId: client.id, optionalScopes: optionalScopes(settings.scopes) },
      belonging,
    )
    return client
  }
}
