import { startPocketId } from '../../support/idp/pocket-id/index.ts'
import { describeLife } from './life.ts'

describeLife('pocket-id', startPocketId, {
  killAfter: [/^POST .*\/clients$/, /^POST .*\/secrets$/],
})
