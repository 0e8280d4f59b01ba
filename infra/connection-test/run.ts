import { type CredentialVerdict, type ConnectionFindings, testConnection } from '../../runtime/connection-test/index.ts'
import { testClient } from './client.ts'
import type { DeployedProvider, DeployedSecret } from './deployed.ts'

/** How many providers are asked at the same time. */
const AT_ONCE = 8
/** How long a provider may take for everything together, in milliseconds. */
const TIMEOUT_MS = 30_000

/** What was found out about one provider; a secret is sent only where the state was read with it. */
export interface ConnectionResult extends ConnectionFindings {
  id: string
  issuer: string
  /** What the stack is deployed with; undefined where it is not deployed with this issuer, which then is shown nothing. */
  deployed: DeployedProvider | undefined
}

/** Tests what a stack is deployed with. */
export function testDeployed(providers: readonly DeployedProvider[]): Promise<ConnectionResult[]> {
  return inParallel(providers, (provider) => testProvider(provider.id, provider.issuer, provider))
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
    const known = deployed.find(
      (provider) => provider.id === id && provider.relyingParty === undefined && provider.issuer === issuer,
    )
    return testProvider(id, issuer, known)
  })
}

async function testProvider(
  id: string,
  issuer: string,
  deployed: DeployedProvider | undefined,
): Promise<ConnectionResult> {
  const client = deployed && {
    ...deployed,
    showCredentials: (signal: AbortSignal) => testClients(deployed.secrets, signal),
  }
  const target = {
    issuer,
    endpoints: deployed?.endpoints,
    client,
    // What somebody merely proposes must not lead us into the network that we stand in.
    ...(deployed ? { allowPrivateAddresses: true } : {}),
  }
  return { id, issuer, deployed, ...(await testConnection(target, AbortSignal.timeout(TIMEOUT_MS))) }
}

/** One after the other: a vendor may count what it refuses. */
async function testClients(secrets: readonly DeployedSecret[], signal: AbortSignal): Promise<CredentialVerdict[]> {
  const verdicts: CredentialVerdict[] = []
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
