import type * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'

import { type EntraSettings, homeTenant } from '../../config/index.ts'
import { ask, type EntraAdministration, EntraClientSecret } from '../../provider/index.ts'
import type { AccessGroups } from '../access-groups.ts'
import { clientOptions, type ClientSettings } from '../client-options.ts'
import { type Group, resolveGroups } from '../groups.ts'
import { applicationTag, importId, providerInputs, secretDisplayName, servicePrincipalInputs } from './inputs.ts'
import { type EntraSdk, loadSdk } from './sdk.ts'

/** A secret is good for this many times as long as the stack file lets it get old: who is warned has time to act. */
const LIFETIMES = 2

/** An application, and what the tenant's people meet of it. */
export interface Registered {
  application: azuread.Application
  servicePrincipal: azuread.ServicePrincipal
}

/** One tenant of Entra, as an identity provider of the stack administers it. */
export class Tenant {
  readonly administration: EntraAdministration
  /** Object id of the service principal that administers the tenant. */
  readonly owner: pulumi.Output<string>
  /** Origin of Microsoft Graph. */
  readonly graphUrl: pulumi.Output<string>
  private readonly sdk: EntraSdk
  private readonly provider: azuread.Provider
  private readonly key: string
  private readonly settings: EntraSettings
  private readonly parent: pulumi.Resource

  constructor(key: string, settings: EntraSettings, parent: pulumi.Resource) {
    const { authority, credentials } = settings
    this.key = key
    this.settings = settings
    this.parent = parent
    this.sdk = loadSdk()
    this.provider = new this.sdk.Provider(key, providerInputs(settings), { parent })
    const { clientId, clientSecret } = credentials
    this.administration = { authority, tenantId: homeTenant(settings), clientId, clientSecret }
    const ourselves = this.ask<{ graphUrl: string; callerId: string }>('getTenant', {})
    this.owner = pulumi.output(ourselves.then(({ callerId }) => callerId))
    this.graphUrl = pulumi.output(ourselves.then(({ graphUrl }) => graphUrl))
  }

  /** Makes an application with its service principal, or takes over what a deployment that died has left of it. */
  register(
    name: string,
    args: azuread.ApplicationArgs,
    clientSettings: ClientSettings,
    restricted: boolean,
  ): Registered {
    const { sdk, provider, parent, owner } = this
    const adopted = { ...clientSettings, ...(clientSettings.import ? { import: importId(clientSettings.import) } : {}) }
    const options = clientOptions(adopted, parent, () => this.findOrphan(args.displayName))
    const application = new sdk.Application(name, args, { ...options, provider })
    const { removal } = clientSettings
    const servicePrincipal = new sdk.ServicePrincipal(
      `${name}-service-principal`,
      servicePrincipalInputs(application.clientId, owner, restricted),
      { ...clientOptions({ removal }, parent), provider },
    )
    return { application, servicePrincipal }
  }

  /** @param secret its name in the stack file */
  makeSecret(name: string, secret: string, application: azuread.Application): pulumi.Output<string> {
    const made = new EntraClientSecret(
      `${name}-${secret}`,
      {
        administration: this.administration,
        applicationObjectId: application.objectId,
        displayName: secretDisplayName(secret),
        lifetimeDays: LIFETIMES * this.settings.clientSecretMaxAgeDays,
      },
      { parent: this.parent },
    )
    return pulumi.secret(made.value)
  }

  /**
   * Object ids of groups, in the order of their names.
   * @throws StackConfigError within the outputs, for names that no group or several groups have
   */
  groupIds(wanted: AccessGroups): pulumi.Output<string>[] {
    const { names } = wanted
    if (names.length === 0) return []
    const found = this.ask<{ groups: Group[] }>('findGroups', { names })
    const ids = found.then(({ groups }) => resolveGroups(wanted, groups))
    return names.map((_name, index) => pulumi.output(ids.then((all) => all[index] ?? '')))
  }

  /** An application of this tenant by its client id, and the ids of the roles that it has for others, by name. */
  async appRoles(
    clientId: string,
    roles: readonly string[],
  ): Promise<{ objectId: string; roleIds: Record<string, string> }> {
    return this.ask('getAppRoles', { clientId, roles })
  }

  private async findOrphan(name: pulumi.Input<string>): Promise<string | undefined> {
    const { objectIds } = await this.ask<{ objectIds: string[] }>('findUnclaimedApplications', {
      tag: pulumi.output(name).apply(applicationTag),
    })
    const [objectId, another] = objectIds
    if (another === undefined) return objectId === undefined ? undefined : importId(objectId)
    const advice = `delete those that nobody needs, or name one as gatewright:identityProviders.${this.key}.import`
    throw new pulumi.RunError(
      `gatewright:identityProviders.${this.key}: tenant ${homeTenant(this.settings)} has ${objectIds.length} applications that could be this stack's (object IDs ${objectIds.join(', ')}): ${advice}`,
    )
  }

  private ask<Answer>(question: string, args: pulumi.Inputs): Promise<Answer> {
    const where = `gatewright:identityProviders.${this.key}`
    const token = `gatewright-native:entra:${question}`
    return ask<Answer>(token, { administration: this.administration, ...args }, { parent: this.parent, where })
  }
}
