import { serveStandIn } from '../stand-in.ts'
import { actionType } from './action.ts'
import { clientCredentialsType } from './client-credentials.ts'
import { clientGrantType } from './client-grant.ts'
import { clientType } from './client.ts'
import { getAction, getClients, getRole } from './functions.ts'
import { createManagement } from './management.ts'
import { triggerActionType } from './trigger-action.ts'

serveStandIn((configuration) => {
  const management = createManagement(configuration)
  return {
    types: {
      'auth0:index/action:Action': actionType(management),
      'auth0:index/client:Client': clientType(management),
      'auth0:index/clientCredentials:ClientCredentials': clientCredentialsType(management),
      'auth0:index/clientGrant:ClientGrant': clientGrantType(management),
      'auth0:index/triggerAction:TriggerAction': triggerActionType(management),
    },
    functions: {
      'auth0:index/getAction:getAction': getAction(management),
      'auth0:index/getClients:getClients': getClients(management),
      'auth0:index/getRole:getRole': getRole(management),
    },
  }
})
