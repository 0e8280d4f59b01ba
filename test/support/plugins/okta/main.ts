import { serveStandIn } from '../stand-in.ts'
import { apiScopeType } from './api-scope.ts'
import { createApi } from './api.ts'
import { appType } from './app.ts'
import { getApps, getGroups } from './functions.ts'
import { groupAssignmentsType } from './group-assignments.ts'
import { roleAssignmentType } from './role-assignment.ts'

serveStandIn((configuration) => {
  const api = createApi(configuration)
  return {
    types: {
      'okta:app/oAuth:OAuth': appType(api),
      'okta:app/oauthRoleAssignment:OauthRoleAssignment': roleAssignmentType(api),
      'okta:index/appGroupAssignments:AppGroupAssignments': groupAssignmentsType(api),
      'okta:index/appOauthApiScope:AppOauthApiScope': apiScopeType(api),
    },
    functions: {
      'okta:index/getApps:getApps': getApps(api),
      'okta:index/getGroups:getGroups': getGroups(api),
    },
  }
})
