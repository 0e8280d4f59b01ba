import { serveStandIn } from '../stand-in.ts'
import { applicationType } from './application.ts'
import { servicePrincipalType } from './service-principal.ts'

serveStandIn((configuration) => ({
  types: {
    'azuread:index/application:Application': applicationType(configuration),
    'azuread:index/servicePrincipal:ServicePrincipal': servicePrincipalType(configuration),
  },
  functions: {},
}))
