import * as pulumi from '@pulumi/pulumi'

import { type EntraSettings, homeTenant } from '../../config/index.ts'
import { EntraAppRoleAssignment } from '../../provider/index.ts'
import { accessGroupsOf } from '../access-groups.ts'
import { clientSettings } from '../client-options.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import type { ClientRegistration, ClientRequest, IdentityProvider, ProviderContext } from '../identity-provider.ts'
import { registerDirectory } from './directory.ts'
import { clientInputs, issuerOf, NO_ROLE } from './inputs.ts'
import { Tenant } from './tenant.ts'

/**
 * A tenant of Microsoft Entra ID. Someone in it is known by tenant and object id, never by an address.
 * @see https://learn.microsoft.com/en-us/graph/api/resources/application
 */
export class Entra extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly homeIssuer: string
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  private readonly key: string
  private readonly settings: EntraSettings
  private readonly tenant: Tenant

  constructor({ id, displayName, parent }: ProviderContext, settings: EntraSettings) {
    super('gatewright:identityProvider:Entra', id, {}, { parent })
    this.key = id
    this.settings = settings
    this.issuer = issuerOf(settings.authority, settings.tenantId)
    this.homeIssuer = issuerOf(settings.authority, homeTenant(settings))
    this.tenant = new Tenant(id, settings, this)
    if (settings.directory) {
      const [secret = 'first'] = settings.clientSecrets
      this.directory = registerDirectory(this.tenant, `${id}-directory`, `${displayName} directory`, secret, this)
    }
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    const { tenant, settings } = this
    const name = `${this.key}-${request.relyingParty}`
    const allowed = accessGroupsOf(this.key, settings.allowedGroups, request)
    const args = clientInputs(request, settings, tenant.owner)
    const { application, servicePrincipal } = tenant.register(
      name,
      args,
      clientSettings(settings, request),
      allowed.names.length > 0,
    )
    for (const [index, principalObjectId] of tenant.groupIds(allowed).entries()) {
      const access = {
        administration: tenant.administration,
        resourceObjectId: servicePrincipal.objectId,
        principalObjectId,
        principalType: 'Group' as const,
        appRoleId: NO_ROLE,
      }
      new EntraAppRoleAssignment(`${name}-group-${allowed.names[index]}`, access, { parent: this })
    }
    return {
      credentials: settings.clientSecrets.map((secret) => ({
        name: secret,
        clientId: application.clientId,
        // There once the tenant knows the application as one to sign in to.
        clientSecret: after(servicePrincipal.id, tenant.makeSecret(name, secret, application)),
      })),
    }
  }
}

function after(other: pulumi.Output<string>, value: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.all([value, other]).apply(([secret]) => secret)
}
