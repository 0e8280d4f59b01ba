import { startVendorServer } from '../server.ts'
import type { TestCertificate } from '../tls.ts'
import type { Vendor } from '../vendor.ts'
import { createAdministration } from './administration.ts'
import { type Client, PROVISIONER, Realm } from './realm.ts'
import { createSignIn } from './sign-in.ts'

export { MANAGEMENT, PROVISIONER } from './realm.ts'

const SECRET_VARIABLE = 'ACME_KEYCLOAK_SECRET'

/** An emulated Keycloak with the realm `acme`; its answers were held against those of Keycloak 26.0. */
export async function startKeycloak(certificate: TestCertificate): Promise<Vendor & { realm: Realm }> {
  const realm = new Realm()
  const tokens = new Map<string, string>()
  const issuer = (): string => `${url()}/realms/acme`
  const signIn = await createSignIn(realm, issuer, tokens)
  const server = await startVendorServer(certificate, [signIn, createAdministration(realm, tokens)])
  // A function, because the port is known once the server listens. The plain name, because it is in /etc/hosts.
  const url = (): string => `https://localhost:${server.port}`

  function onlyClient(): Client {
    const [client, ...others] = realm.made().filter(({ standardFlowEnabled }) => standardFlowEnabled)
    if (!client || others.length > 0) throw new Error(`there are ${client ? others.length + 1 : 'no'} clients`)
    return client
  }

  return {
    realm,
    settings: {
      kind: 'keycloak',
      url: url(),
      realm: 'acme',
      credentials: { clientId: PROVISIONER, clientSecret: { env: SECRET_VARIABLE } },
      directory: true,
    },
    environment: { [SECRET_VARIABLE]: realm.provisionerSecret },
    faults: server.faults,
    log: server.log,
    inventory: () => realm.made().map(({ clientId }) => `client ${clientId}`),
    tamper(redirectUri) {
      onlyClient().redirectUris = [redirectUri]
    },
    redirectUris: () => onlyClient().redirectUris,
    liveSecrets: () => [onlyClient().secret ?? ''],
    secretsEverSeen: () => [...realm.secretsEverSeen],
    close: () => server.close(),
  }
}
