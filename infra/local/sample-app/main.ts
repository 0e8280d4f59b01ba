import { runLocalProgram } from '../program/index.ts'
import { createAssertionCheck } from './assertion.ts'
import { sampleAppConfigSchema } from './config.ts'
import { createHandler } from './handler.ts'

await runLocalProgram('sample-app', async ({ draining, log }) => ({
  async load(release) {
    const config = sampleAppConfigSchema.parse(release.config)
    return {
      listen: config.listen,
      handle: createHandler({ config, checkAssertion: createAssertionCheck(config), draining, log }),
    }
  },
}))
