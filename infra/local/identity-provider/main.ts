import { identityProviderConfigSchema, pickSecrets, type IdentityProviderConfig } from './config.ts'
import { createAttempts } from './attempts.ts'
import { createHandler } from './handler.ts'
import { interactions } from './interactions.ts'
import { loadKeys } from './keys.ts'
import { createPasswordCheck } from './passwords.ts'
import { runLocalProgram } from '../program/index.ts'
import { createProvider } from './provider.ts'
import { openRecords } from './records.ts'

await runLocalProgram('identity-provider', async ({ dataFolder, log }) => {
  const keys = await loadKeys(dataFolder)
  const records = openRecords(dataFolder)
  // Outlives reloads: a new release must not give those who guess a fresh start.
  const attempts = createAttempts()
  return {
    async load(release) {
      const config: IdentityProviderConfig = identityProviderConfigSchema.parse(release.config)
      const { initialAccessToken, passwords } = pickSecrets(config, release.secrets)
      const provider = createProvider({ config, initialAccessToken, keys, adapter: records.adapter, log })
      const checkPassword = createPasswordCheck(passwords)
      const steps = interactions(provider, { config, checkPassword, attempts, log })
      return { listen: config.listen, handle: createHandler(provider, config, log, steps) }
    },
    close: () => records.close(),
  }
})
