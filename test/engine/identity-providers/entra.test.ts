import { startEntra } from '../../support/idp/entra/index.ts'
import { describeLife } from './life.ts'

describeLife('entra', startEntra, {
  plugins: ['azuread'],
  killAfter: [/^POST .*\/applications$/, /^POST .*\/addPassword$/],
})
