import * as pulumi from '@pulumi/pulumi'

import type { PingOneSettings } from '../../config/index.ts'
import { getPingOneGroups, PingOneApplication } from '../../provider/index.ts'
import { clientOptions } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import { accessGroupsOf } from '../access-groups.ts'
import { type Group, resolveGroups } from '../groups.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from '../identity-provider.ts'
import { makeDirectory } from './directory.ts'
import { marked } from '../mark.ts'
import { clientInputs, connectionOf, DESCRIPTION, issuerOf } from './inputs.ts'
import { makeSecrets } from './secrets.ts'

/**
 * An environment of PingOne.
 * @see https://developer.pingidentity.com/pingone-api/platform/
 */
export class PingOne extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  private readonly key: string
  private readonly settings: PingOneSettings
  /** Asked once, however many clients there are. */
  private groups: pulumi.Output<Group[]> | undefined

  constructor({ id, displayName, parent }: ProviderContext, settings: PingOneSettings) {
    super('gatewright:identityProvider:PingOne', id, {}, { parent })
    this.key = id
    this.settings = settings
    this.issuer = issuerOf(settings)
    this.directory = settings.directory ? makeDirectory(id, displayName, settings, this) : undefined
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const name = `${this.key}-${request.relyingParty}`
    // What exists already is taken over by the resource itself, which is given the credentials for that.
    const options = clientOptions({ removal: this.settings.removal }, this)
    const client = new PingOneApplication(
      name,
      {
        ...clientInputs(this.settings, request, this.accessGroups(request)),
        description: marked(DESCRIPTION, name, this),
      },
      options,
    )
    return { credentials: makeSecrets(name, client, this.settings, this) }
  }

  /** Ids; a name that the environment does not have fails the preview. */
  private accessGroups(request: ClientRequest): pulumi.Input<string[]> {
    const wanted = accessGroupsOf(this.key, this.settings.allowedGroups, request)
    if (wanted.names.length === 0) return []
    const where = `gatewright:identityProviders.${this.key}`
    this.groups ??= pulumi.output(getPingOneGroups(connectionOf(this.settings), { parent: this, where }))
    return this.groups.apply((known) => resolveGroups(wanted, known))
  }
}
