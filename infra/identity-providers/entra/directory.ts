import * as pulumi from '@pulumi/pulumi'

import { EntraAppRoleAssignment } from '../../provider/index.ts'
import type { DirectoryCredential } from '../directory-credential.ts'
import { directoryInputs, MICROSOFT_GRAPH } from './inputs.ts'
import type { Tenant } from './tenant.ts'

/** As little as reading people, groups and memberships needs. */
const ROLES = ['User.Read.All', 'GroupMember.Read.All']

/**
 * Makes the credential with which users and groups are read. It belongs to an application of its own, so that who holds
 * the sign-in client's secret cannot read the directory.
 * @param name of its resources
 * @param displayName one of its kind in the tenant
 * @param secret its name in the stack file
 * @returns a secret output, there when the roles are
 * @see https://learn.microsoft.com/en-us/graph/auth-v2-service
 */
export function registerDirectory(
  tenant: Tenant,
  name: string,
  displayName: string,
  secret: string,
  parent: pulumi.Resource,
): pulumi.Output<DirectoryCredential> {
  const graph = tenant.appRoles(MICROSOFT_GRAPH, ROLES)
  const roleIds = ROLES.map((role) => pulumi.output(graph.then((found) => found.roleIds[role] ?? '')))
  const args = directoryInputs(displayName, tenant.owner, roleIds)
  const { application, servicePrincipal } = tenant.register(name, args, { removal: 'allowed' }, true)
  // With an application role, the assignment is the administrator's consent.
  const consents = ROLES.map((role, index) => {
    const consent = {
      administration: tenant.administration,
      resourceObjectId: pulumi.output(graph.then(({ objectId }) => objectId)),
      principalObjectId: servicePrincipal.objectId,
      principalType: 'ServicePrincipal' as const,
      appRoleId: roleIds[index] ?? '',
    }
    return new EntraAppRoleAssignment(`${name}-${role}`, consent, { parent }).id
  })
  const { tenantId, authority } = tenant.administration
  const clientSecret = tenant.makeSecret(name, secret, application)
  const known = {
    graphUrl: tenant.graphUrl,
    clientId: application.clientId,
    clientSecret,
    consents: pulumi.all(consents),
  }
  const credential = pulumi.output(known).apply(({ graphUrl, clientId, clientSecret: value }): DirectoryCredential => ({
    kind: 'entra',
    tenantId,
    authority,
    graphUrl,
    clientId,
    clientSecret: value,
  }))
  return pulumi.secret(credential)
}
