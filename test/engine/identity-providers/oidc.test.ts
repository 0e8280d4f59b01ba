import { startOidc } from '../../support/idp/oidc.ts'
import { describeLife } from './life.ts'

describeLife('oidc', startOidc)
