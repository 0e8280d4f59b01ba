import { likelyCause } from './cause.ts'
import { ConnectionError } from './connection-error.ts'
import { askJson, type Reach, readDocument } from './document.ts'
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
  jwksUri?: string
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
 */
export async function testDiscovery(
  issuer: string,
  depth: 'document' | 'keys',
  reach: Reach,
): Promise<DiscoveryResult> {
  const began = performance.now()
  const latencyMs = (): number => Math.round(performance.now() - began)
  try {
    const { document, headers } = await readDocument(issuer, reach)
    const skewSeconds = clockSkew(headers, Date.now())
    const timed = {
      latencyMs: latencyMs(),
      offers: readOffers(document),
      ...(skewSeconds === undefined ? {} : { skewSeconds }),
    }
    const problems = metadataProblems(document)
    if (problems.length > 0) return { problems, ...timed }
    const endpoints = {
      authorizationEndpoint: String(document['authorization_endpoint']),
      tokenEndpoint: String(document['token_endpoint']),
      jwksUri: String(document['jwks_uri']),
    }
    if (depth === 'document') return { problems, ...timed, ...endpoints }
    return { ...timed, ...endpoints, ...(await testKeys(endpoints.jwksUri, reach)) }
  } catch (error) {
    return { ...problemOf(error), latencyMs: latencyMs() }
  }
}

/** Tests a provider without a discovery document, whose addresses the stack file has. */
export async function testEndpoints(
  endpoints: { authorization: string; token: string; jwks: string },
  reach: Reach,
): Promise<DiscoveryResult> {
  const began = performance.now()
  const keys = await testKeys(endpoints.jwks, reach)
  const latencyMs = Math.round(performance.now() - began)
  const { authorization, token, jwks } = endpoints
  return { ...keys, latencyMs, authorizationEndpoint: authorization, tokenEndpoint: token, jwksUri: jwks }
}

async function testKeys(
  url: string,
  reach: Reach,
): Promise<Pick<DiscoveryResult, 'problems' | 'signingKeys' | 'causes'>> {
  try {
    const { status, body } = await askJson(url, reach)
    const signingKeys = status === 200 ? countSigningKeys(body) : undefined
    if (signingKeys === undefined) return { problems: [`${url} answered ${status}, not a set of keys`] }
    return { signingKeys, problems: signingKeys > 0 ? [] : [`${url} has no key that can check a signature`] }
  } catch (error) {
    return problemOf(error)
  }
}

function problemOf(error: unknown): Pick<DiscoveryResult, 'problems' | 'causes'> {
  if (!(error instanceof ConnectionError)) throw error
  const cause = likelyCause(error)
  return { problems: [`${error.message} [${error.code}]`], ...(cause === undefined ? {} : { causes: [cause] }) }
}
