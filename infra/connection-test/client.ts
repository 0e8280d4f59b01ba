import type { CredentialVerdict } from '../../runtime/connection-test/index.ts'
import { describeError, ProviderError, showOnce } from '../provider/index.ts'
import type { ClientProof } from './deployed.ts'

/**
 * Shows a client's credential to the token endpoint, once, with a code that nobody gave out. It is sent to the issuer that
 * the applied state knows for it, and to no other.
 * @param signal ends it; that counts as no answer
 */
export async function testClient(name: string, proof: ClientProof, signal: AbortSignal): Promise<CredentialVerdict> {
  try {
    const { verdict, said } = await showOnce(proof, signal)
    const isTold = verdict === 'accepted' || verdict === 'refused'
    return { name, verdict: isTold ? verdict : 'cannot-tell', said }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { name, verdict: 'cannot-tell', said: describeError(error) }
  }
}
