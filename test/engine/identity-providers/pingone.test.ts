import { startPingOne } from '../../support/idp/pingone/index.ts'
import { describeLife } from './life.ts'

describeLife('pingone', startPingOne, {
  killAfter: [/^POST .*\/applications$/, /^POST .*\/secret$/],
})
