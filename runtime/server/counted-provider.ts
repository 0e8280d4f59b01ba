import type { Metrics } from '../metrics/index.ts'
import type { Provider } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'

/** The same provider; what it says to sign-ins and refreshes is counted. */
export function countedProvider(provider: Provider, metrics: Pick<Metrics, 'signIn' | 'refreshed'>): Provider {
  const { id } = provider
  return {
    ...provider,
    async finishSignIn(...answer) {
      try {
        const result = await provider.finishSignIn(...answer)
        metrics.signIn(id, 'signed_in')
        return result
      } catch (error) {
        metrics.signIn(id, error instanceof Refusal ? error.code : 'internal')
        throw error
      }
    },
    async refresh(...asked) {
      const outcome = await provider.refresh(...asked)
      metrics.refreshed(id, outcome.outcome)
      return outcome
    },
  }
}
