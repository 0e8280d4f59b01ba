import { startAuth0 } from '../../support/idp/auth0/index.ts'
import { describeLife } from './life.ts'

describeLife('auth0', startAuth0, {
  plugins: ['auth0'],
  killAfter: [/^POST .*\/clients$/, /^POST .*\/actions$/],
})
