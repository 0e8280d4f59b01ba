import { startOkta } from '../../support/idp/okta/index.ts'
import { describeLife } from './life.ts'

describeLife('okta', startOkta, {
  plugins: ['okta'],
  killAfter: [/^POST .*\/apps$/, /^POST .*\/credentials\/secrets$/],
})
