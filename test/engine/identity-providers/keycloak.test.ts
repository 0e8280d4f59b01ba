import { startKeycloak } from '../../support/idp/keycloak/index.ts'
import { describeLife } from './life.ts'

describeLife('keycloak', startKeycloak, {
  plugins: ['keycloak'],
  // A client's name of a mapper can be given only once: what was made and not recorded would block the next.
  killAfter: [/^POST .*\/clients$/, /^POST .*\/protocol-mappers\/models$/],
})
