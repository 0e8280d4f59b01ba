import { type CallbackVerdict } from './verdict.ts'
import type { CredentialVerdict } from '../providers/index.ts'
import { testCallback } from './callback.ts'
import { type DiscoveryResult, testDiscovery, testEndpoints } from './discovery.ts'
import type { Reach } from './document.ts'
import { type Reached, reachTokenEndpoint } from './token-endpoint.ts'

/** A provider to be tested. */
export interface ConnectionTarget {
  issuer: string
  /** Its addresses, where it has no discovery document. */
  endpoints?: { authorization: string; token: string; jwks: string } | undefined
  /**
   * The client that we are there. Left out for what somebody merely proposes: that is asked for its discovery document and
   * nothing else, and is not told which client we are.
   */
  client?: KnownClient | undefined
  /** As `boundedFetch` takes it. */
  allowPrivateAddresses?: boolean
}

/** A client, and how its credentials are shown to the provider that they belong to. */
export interface KnownClient {
  clientId: string
  callbackUrl: string
  /** Asked once the provider has proven to be the one that it is taken for. None for credentials that are not known here. */
  showCredentials?: (signal: AbortSignal) => Promise<readonly CredentialVerdict[]>
}

/** What was found out, without a person. */
export interface ConnectionFindings {
  discovery: DiscoveryResult
  /** Undefined where it could not be asked: no client, or no usable discovery document. */
  callback: CallbackVerdict | undefined
  /** Of the credentials that are known here. */
  clients?: CredentialVerdict[]
  /** Where no credential is known. */
  tokenEndpoint?: Reached
}

/**
 * Finds out whether sign-ins can work at a provider. It changes nothing there.
 * @param signal ends it; what was not answered by then counts as no answer
 */
export async function testConnection(target: ConnectionTarget, signal: AbortSignal): Promise<ConnectionFindings> {
  const { issuer, endpoints, client, allowPrivateAddresses } = target
  const reach: Reach = { signal, ...(allowPrivateAddresses === undefined ? {} : { allowPrivateAddresses }) }
  const discovery =
    client && endpoints
      ? await testEndpoints(endpoints, reach)
      : await testDiscovery(issuer, client ? 'keys' : 'document', reach)
  const { authorizationEndpoint: endpoint, tokenEndpoint, problems } = discovery
  const callback = client && endpoint !== undefined ? await testCallback({ ...client, endpoint }, reach) : undefined
  const findings = { discovery, callback }
  if (!client || problems.length > 0) return findings
  const clients = [...((await client.showCredentials?.(signal)) ?? [])]
  if (clients.length > 0) return { ...findings, clients }
  if (tokenEndpoint === undefined) return findings
  return { ...findings, tokenEndpoint: await reachTokenEndpoint(tokenEndpoint, reach) }
}
