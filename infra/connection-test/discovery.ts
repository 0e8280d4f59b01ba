import { boundedFetch } from '../../runtime/outbound/index.ts'
import { describeError, discover, parseJson, ProviderError, reasonOf } from '../provider/index.ts'
import { countSigningKeys, metadataProblems } from './metadata.ts'

/** What a provider says of itself, and whether that is enough for sign-ins. */
export interface DiscoveryResult {
  /** Sentences without a full stop; none where all is good. */
  problems: string[]
  /** How long the discovery document took, in milliseconds. */
  latencyMs: number
  /** Undefined where the keys were not asked for. */
  signingKeys?: number | undefined
  /** There only where the whole document is usable. */
  authorizationEndpoint?: string
}

/**
 * Reads an issuer's discovery document once and, if asked to, the keys that it names.
 * @param depth `document` asks nothing but the issuer's own address
 * @param signal ends it; that counts as a problem
 */
export async function testDiscovery(
  issuer: string,
  depth: 'document' | 'keys',
  signal: AbortSignal,
): Promise<DiscoveryResult> {
  const began = performance.now()
  const latencyMs = (): number => Math.round(performance.now() - began)
  try {
    const { document } = await discover(issuer, signal, askOnce)
    const timed = { latencyMs: latencyMs() }
    const problems = metadataProblems(document)
    if (problems.length > 0) return { problems, ...timed }
    const authorizationEndpoint = String(document['authorization_endpoint'])
    if (depth === 'document') return { problems, ...timed, authorizationEndpoint }
    return { ...timed, authorizationEndpoint, ...(await testKeys(String(document['jwks_uri']), signal)) }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { problems: [describeError(error)], latencyMs: latencyMs() }
  }
}

/** A second try would hide how things stand, and how long they take: it ends the wait before one. */
function askOnce(): Promise<never> {
  return Promise.reject(new Error('a test asks once'))
}

async function testKeys(url: string, signal: AbortSignal): Promise<Pick<DiscoveryResult, 'problems' | 'signingKeys'>> {
  try {
    const response = await boundedFetch(url, { headers: { accept: 'application/json' }, signal })
    const signingKeys = response.status === 200 ? countSigningKeys(parseJson(await response.text())) : undefined
    if (signingKeys === undefined) return { problems: [`${url} answered ${response.status}, not a set of keys`] }
    return { signingKeys, problems: signingKeys > 0 ? [] : [`${url} has no key that can check a signature`] }
  } catch (cause) {
    return { problems: [`GET ${url} got no answer: ${reasonOf(cause)}`] }
  }
}
