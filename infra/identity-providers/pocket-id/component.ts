import * as pulumi from '@pulumi/pulumi'

import type { PocketIdSettings } from '../../config/index.ts'
import {
  getPocketIdUserGroups,
  type PocketIdAdministration,
  PocketIdClient,
  PocketIdClientSecret,
  SecretKey,
} from '../../provider/index.ts'
import { clientOptions } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import { accessGroupsOf } from '../access-groups.ts'
import { type Group, resolveGroups } from '../groups.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from '../identity-provider.ts'
import { clientInputs } from './inputs.ts'

/**
 * Pocket ID, a self-hosted provider for passkeys.
 * @see https://pocket-id.org/docs/api
 */
export class PocketId extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  private readonly key: string
  private readonly settings: PocketIdSettings
  private readonly administration: PocketIdAdministration
  /** Asked once, however many clients there are. */
  private groups: pulumi.Output<Group[]> | undefined

  constructor({ id, parent }: ProviderContext, settings: PocketIdSettings) {
    super('gatewright:identityProvider:PocketId', id, {}, { parent })
    const { url, credentials } = settings
    this.key = id
    this.settings = settings
    this.issuer = url
    this.administration = { url, apiKey: pulumi.secret(credentials.apiKey) }
    // An administrator's key is the only kind there is, and none can make another.
    this.directory = settings.directory
      ? pulumi.secret(this.administration.apiKey.apply((apiKey) => ({ kind: 'pocket-id' as const, url, apiKey })))
      : undefined
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const { clientSecrets } = this.settings
    const key = {
      project: pulumi.getProject(),
      stack: pulumi.getStack(),
      identityProvider: this.key,
      relyingParty: request.relyingParty,
    }
    const name = `${this.key}-${request.relyingParty}`
    const client = new PocketIdClient(
      name,
      { ...this.administration, ...clientInputs(request, key), ...this.access(request) },
      // Our provider takes over by itself.
      clientOptions({ removal: this.settings.removal }, this),
    )
    const credentials = clientSecrets.map((secretName) => {
      const proposed = new SecretKey(`${name}-${secretName}`, { bytes: 32 }, { parent: this }).value
      const { clientId } = client
      const besideAnother = clientSecrets.length > 1
      const secret = new PocketIdClientSecret(
        `${name}-${secretName}`,
        { ...this.administration, clientId, proposed, besideAnother },
        { parent: this },
      )
      return { name: secretName, clientId, clientSecret: secret.value }
    })
    return { credentials }
  }

  private access(request: ClientRequest): { allowedUserGroupIds?: pulumi.Output<string[]> } {
    const wanted = accessGroupsOf(this.key, this.settings.allowedGroups, request)
    if (wanted.names.length === 0) return {}
    const where = `gatewright:identityProviders.${this.key}`
    this.groups ??= pulumi.output(getPocketIdUserGroups(this.administration, { parent: this, where }))
    return { allowedUserGroupIds: this.groups.apply((known) => resolveGroups(wanted, known)) }
  }
}
