import { startPingOne } from '../../support/idp/pingone/index.ts'
import { describeLife } from './life.ts'

describeLife('pingone', startPingOne, {
  // What an application that is taken over had stays good for 29 days.
  secretsAfterKills: 2,
  killAfter: [/^POST .*\/applications$/, /^POST .*\/secret$/],
})
