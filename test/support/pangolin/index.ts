import { type Faults, startVendorServer } from '../idp/server.ts'
import type { TestCertificate } from '../idp/tls.ts'
import { type Addressing, createInstallation, type Installation } from './installation.ts'
import { createIntegrationApi } from './integration-api.ts'
import { createDashboard } from './sign-in.ts'

export {
  deleteIdentityProvider,
  newUser,
  type Addressing,
  type Installation,
  type StoredClient,
} from './installation.ts'

/** A Pangolin of this machine. */
export interface TestPangolin {
  /** Origin of the dashboard. */
  url: string
  /** Base of the integration API. */
  api: string
  /** A root key. */
  apiKey: string
  installation: Installation
  faults: Faults
  /** Every request that was answered, oldest first: `METHOD /path`. */
  log: string[]
  /** All that is not there in a new one, one line a thing. */
  inventory(): string[]
  /** Empties it, and has it behave. */
  reset(): void
  close(): Promise<void>
}

/**
 * Starts a Pangolin, written after the behaviour of version 1.22, and of what came after it.
 * @param addressing `endpoints` as up to 1.22, `discovery` as from then on
 * @see https://docs.pangolin.net/manage/integration-api/using-the-integration-api
 */
export async function startPangolin(
  certificate: TestCertificate,
  addressing: Addressing = 'endpoints',
): Promise<TestPangolin> {
  const installation = createInstallation(addressing)
  const here = { dashboard: '', host: '' }
  const server = await startVendorServer(certificate, [
    createIntegrationApi(
      installation,
      () => here.host,
      () => here.dashboard,
    ),
    createDashboard(installation, () => here.dashboard, certificate.cert),
  ])
  here.dashboard = `https://pangolin.gw.localhost:${server.port}`
  here.host = `pangolin-api.gw.localhost:${server.port}`
  const { faults, log } = server
  const apiKey = installation.keys[0]?.value ?? ''
  return {
    url: here.dashboard,
    api: `https://${here.host}/v1`,
    apiKey,
    installation,
    faults,
    log,
    inventory: () => [
      ...[...installation.identityProviders.values()].map(({ idp }) => `identity provider ${idp.name}`),
      ...installation.policies.map(({ orgId }) => `policy of ${orgId}`),
    ],
    reset() {
      installation.identityProviders.clear()
      installation.policies.length = 0
      installation.users.length = 0
      installation.sessions.clear()
      delete faults.before
      delete faults.after
      log.length = 0
    },
    close: () => server.close(),
  }
}
