import { serveStandIn } from '../stand-in.ts'
import { createAdministration } from './administration.ts'
import { clientType, findClientFunction } from './client.ts'
import { groupsMapperType } from './groups-mapper.ts'
import { optionalScopesType } from './optional-scopes.ts'
import { serviceAccountRoleType } from './service-account-role.ts'

/** Stands in for the official plugin of @pulumi/keycloak, for what the project uses of it. */
serveStandIn((configuration) => {
  const administration = createAdministration(configuration)
  return {
    types: {
      'keycloak:openid/client:Client': clientType(administration),
      'keycloak:openid/clientOptionalScopes:ClientOptionalScopes': optionalScopesType(administration),
      'keycloak:openid/clientServiceAccountRole:ClientServiceAccountRole': serviceAccountRoleType(administration),
      'keycloak:openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper': groupsMapperType(administration),
    },
    functions: { 'keycloak:openid/getClient:getClient': findClientFunction(administration) },
  }
})
