import { isLoopbackHost } from '../../runtime/net/index.ts'
import { boundedFetch } from '../../runtime/outbound/index.ts'
import { describeError, discover, parseJson, ProviderError, reasonOf } from '../provider/index.ts'
import { likelyCause } from './cause.ts'
import { countSigningKeys, metadataProblems } from './metadata.ts'
import { clockSkew, type Offers, readOffers } from './offers.ts'

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
  tokenEndpoint?: string
  /** What it says that it can do; undefined without a document. */
  offers?: Offers
  /** How far its clock is ahead of ours, in seconds. */
  skewSeconds?: number | undefined
  /** Likely causes of the problems, with what to do. */
  causes?: string[]
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
    // What somebody merely proposes must not lead us into the network that we stand in.
    const { document, headers } = await discover(issuer, signal, askOnce, depth === 'keys' || isHere(issuer))
    const skewSeconds = clockSkew(headers, Date.now())
    const timed = {
      latencyMs: latencyMs(),
      offers: readOffers(document),
      ...(skewSeconds === undefined ? {} : { skewSeconds }),
    }
    const problems = metadataProblems(document)
    if (problems.length > 0) return { problems, ...timed }
    const authorizationEndpoint = String(document['authorization_endpoint'])
    const tokenEndpoint = String(document['token_endpoint'])
    if (depth === 'document') return { problems, ...timed, authorizationEndpoint }
    return { ...timed, authorizationEndpoint, tokenEndpoint, ...(await testKeys(String(document['jwks_uri']), signal)) }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { problems: [describeError(error)], ...causesOf(error), latencyMs: latencyMs() }
  }
}

/**
 * Tests a provider without a discovery document, whose addresses the stack file has.
 * @param signal ends it; that counts as a problem
 */
export async function testEndpoints(
  endpoints: { authorization: string; token: string; jwks: string },
  signal: AbortSignal,
): Promise<DiscoveryResult> {
  const began = performance.now()
  const keys = await testKeys(endpoints.jwks, signal)
  const latencyMs = Math.round(performance.now() - began)
  return { ...keys, latencyMs, authorizationEndpoint: endpoints.authorization, tokenEndpoint: endpoints.token }
}

function isHere(issuer: string): boolean {
  return isLoopbackHost(URL.parse(issuer)?.hostname ?? '')
}

function causesOf(error: unknown): { causes?: string[] } {
  const cause = likelyCause(error)
  return cause === undefined ? {} : { causes: [cause] }
}

/** A second try would hide how things stand, and how long they take: it ends the wait before one. */
function askOnce(): Promise<never> {
  return Promise.reject(new Error('a test asks once'))
}

async function testKeys(
  url: string,
  signal: AbortSignal,
): Promise<Pick<DiscoveryResult, 'problems' | 'signingKeys' | 'causes'>> {
  try {
    const response = await boundedFetch(url, {
      headers: { accept: 'application/json' },
      signal,
      allowPrivateAddresses: true,
    })
    const signingKeys = response.status === 200 ? countSigningKeys(parseJson(await response.text())) : undefined
    if (signingKeys === undefined) return { problems: [`${url} answered ${response.status}, not a set of keys`] }
    return { signingKeys, problems: signingKeys > 0 ? [] : [`${url} has no key that can check a signature`] }
  } catch (cause) {
    return { problems: [`GET ${url} got no answer: ${reasonOf(cause)}`], ...causesOf(cause) }
  }
}
