import { startVendorServer } from '../server.ts'
import type { TestCertificate } from '../tls.ts'
import type { Vendor } from '../vendor.ts'
import { directoryApi } from './directory.ts'
import { serviceAccountTokens } from './service-account.ts'
import { createSignIn } from './sign-in.ts'
import { consoleSecret, createTenant, type GoogleTenant } from './tenant.ts'

export type { GoogleTenant } from './tenant.ts'

/** Google as tests see it, and what else only it has. */
export interface GoogleVendor extends Vendor {
  tenant: GoogleTenant
  /** Adds ACME_GOOGLE_NEXT to the client's secrets in the console. */
  addSecret(): void
  /** Switches all secrets off but the one that was added last. */
  disableFormerSecrets(): void
}

/**
 * Starts an emulated Google: sign-in with a client of its console, which nothing but a person's hand can change, and the
 * Directory API for a service account with domain-wide delegation.
 */
export async function startGoogle(certificate: TestCertificate): Promise<GoogleVendor> {
  const tenant = createTenant()
  const at = (name: string): string => `https://${name}.gw.localhost:${server.port}`
  const server = await startVendorServer(certificate, [
    await createSignIn(tenant, () => at('accounts')),
    serviceAccountTokens(tenant, () => tenant.serviceAccountKey.token_uri),
    directoryApi(tenant, () => at('admin')),
  ])
  tenant.serviceAccountKey.token_uri = `${at('oauth2')}/token`
  const { client, serviceAccountKey } = tenant
  const next = consoleSecret()
  return {
    tenant,
    settings: {
      kind: 'google',
      issuer: at('accounts'),
      client: { id: client.id, secret: { env: 'ACME_GOOGLE_SECRET' } },
      directory: {
        serviceAccountKey: { env: 'ACME_GOOGLE_KEY' },
        impersonate: tenant.administrator,
        apiUrl: at('admin'),
      },
    },
    environment: {
      ACME_GOOGLE_SECRET: client.secrets[0]?.value ?? '',
      ACME_GOOGLE_NEXT: next,
      ACME_GOOGLE_KEY: JSON.stringify(serviceAccountKey),
    },
    faults: server.faults,
    log: server.log,
    // Nothing is ever made here: the client and the service account are the operator's.
    inventory: () => [],
    tamper: (redirectUri) => void (client.redirectUris = [redirectUri]),
    redirectUris: () => client.redirectUris,
    liveSecrets: () => client.secrets.filter(({ enabled }) => enabled).map(({ value }) => value),
    secretsEverSeen: () => [
      ...client.secrets.map(({ value }) => value),
      // One line of the key: its ends of line are written differently in different places.
      serviceAccountKey.private_key.split('\n')[5] ?? '',
      ...tenant.tokens.keys(),
    ],
    addSecret: () => void client.secrets.push({ value: next, enabled: true }),
    disableFormerSecrets() {
      for (const secret of client.secrets.slice(0, -1)) secret.enabled = false
    },
    close: () => server.close(),
  }
}
