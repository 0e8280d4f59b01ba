import type { CallbackVerdict } from './verdict.ts'
import { testCallback } from './callback.ts'
import { type ClientVerdict, testClient } from './client.ts'
import type { DeployedProvider, DeployedSecret } from './deployed.ts'
import { type Reach, reachTokenEndpoint } from './token-endpoint.ts'
import { type DiscoveryResult, testDiscovery, testEndpoints } from './discovery.ts'

/** How many providers are asked at the same time. */
const AT_ONCE = 8
/** How long a provider may take for everything together, in milliseconds. */
const TIMEOUT_MS = 30_000

/** What was found out about one provider, without a person; a secret is sent only where the state was read with it. */
export interface ConnectionResult {
  id: string
  issuer: string
  discovery: DiscoveryResult
  /** What the stack is deployed with; undefined where it is not deployed with this issuer, which then is shown nothing. */
  deployed: DeployedProvider | undefined
  /** Undefined where it could not be asked: no deployed client, or no usable discovery document. */
  callback: CallbackVerdict | undefined
  /** Of the credentials that are known here. */
  clients?: ClientVerdict[]
  /** Where no credential is known. */
  tokenEndpoint?: Reach
}

/** Tests what a stack is deployed with. */
export function testDeployed(providers: readonly DeployedProvider[]): Promise<ConnectionResult[]> {
  return inParallel(providers, (provider) => testConnection(provider.id, provider.issuer, provider))
}

/**
 * Tests what a stack is to be deployed with. A provider whose issuer is new or another one is asked for its discovery
 * document and nothing else: what somebody merely proposes is not told which client we are.
 * @param issuers id → issuer, as previewed
 * @param deployed as the state has it
 */
export function testPlanned(
  issuers: Readonly<Record<string, string>>,
  deployed: readonly DeployedProvider[],
): Promise<ConnectionResult[]> {
  return inParallel(Object.entries(issuers), ([id, issuer]) => {
    const known = deployed.find((provider) => provider.id === id && provider.issuer === issuer)
    return testConnection(id, issuer, known)
  })
}

async function testConnection(
  id: string,
  issuer: string,
  deployed: DeployedProvider | undefined,
): Promise<ConnectionResult> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const discovery = deployed?.endpoints
    ? await testEndpoints(deployed.endpoints, signal)
    : await testDiscovery(issuer, deployed ? 'keys' : 'document', signal)
  const endpoint = discovery.authorizationEndpoint
  const callback =
    deployed && endpoint !== undefined ? await testCallback({ ...deployed, endpoint }, signal) : undefined
  const clients = discovery.problems.length === 0 ? await testClients(deployed?.secrets ?? [], signal) : []
  const result = { id, issuer, discovery, deployed, callback }
  if (clients.length > 0) return { ...result, clients }
  const { tokenEndpoint } = discovery
  if (!deployed || tokenEndpoint === undefined || discovery.problems.length > 0) return result
  return { ...result, tokenEndpoint: await reachTokenEndpoint(tokenEndpoint, signal) }
}

/** One after the other: a vendor may count what it refuses. */
async function testClients(secrets: readonly DeployedSecret[], signal: AbortSignal): Promise<ClientVerdict[]> {
  const verdicts: ClientVerdict[] = []
  for (const { name, proof } of secrets) {
    if (proof) verdicts.push(await testClient(name, proof, signal))
  }
  return verdicts
}

/** @returns the results in the order of the items */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}
