import { ProviderError } from '../errors.ts'
import { discover, isSafeUrl } from '../oidc/index.ts'
import type { Pause } from '../rest.ts'
import type { Addresses, CredentialsInputs } from './schema.ts'

/**
 * Where people sign in and codes are redeemed: what the inputs say, or the issuer's discovery document (OpenID Connect
 * Discovery 1.0 §3).
 * @param pause how to wait between tries; tests give one that does not
 * @throws ProviderError `discovery_failed`, `issuer_mismatch`, `unreachable`
 */
export async function findAddresses(
  { issuer, authorizationEndpoint, tokenEndpoint }: CredentialsInputs,
  signal: AbortSignal,
  pause?: Pause,
): Promise<Required<Addresses>> {
  const wellKnown = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  if (authorizationEndpoint !== undefined && tokenEndpoint !== undefined) {
    return { authUrl: authorizationEndpoint, tokenUrl: tokenEndpoint, discoveryUrl: wellKnown }
  }
  const { url, document } = await discover(issuer, signal, pause)
  return {
    authUrl: endpointOf(url, document, 'authorization_endpoint'),
    tokenUrl: endpointOf(url, document, 'token_endpoint'),
    discoveryUrl: url,
  }
}

/** The client's secret and codes go there. */
function endpointOf(url: string, document: Readonly<Record<string, unknown>>, name: string): string {
  const endpoint = document[name]
  if (typeof endpoint === 'string' && isSafeUrl(endpoint)) return endpoint
  throw new ProviderError(
    'discovery_failed',
    `${url} names no usable ${name}: is that the issuer of a provider for people?`,
  )
}
