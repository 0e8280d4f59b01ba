import { PEOPLE, startVendorServer, type TestCertificate, type Vendor } from '../index.ts'
import { createApi } from './api.ts'
import { createSignIn } from './sign-in.ts'
import { type Application, createTenant, liveSecrets, type Tenant } from './tenant.ts'

export { type Application, type ApplicationMembers, newSecret, rolesOf, type Tenant } from './tenant.ts'

/** An emulated environment of PingOne. */
export interface PingOneVendor extends Vendor {
  /** To be looked at and changed as in the console. */
  tenant: Tenant
  /** What the services are at `api.` and `auth.` of. */
  domain: string
}

/** Where a stack finds the administrator's secret. */
const SECRET_VARIABLE = 'PINGONE_CLIENT_SECRET'

export async function startPingOne(certificate: TestCertificate): Promise<PingOneVendor> {
  const tenant = createTenant(PEOPLE)
  // The servers' names have the port in them, which is not known before they listen.
  const server = await startVendorServer(certificate, [
    createApi(tenant, () => `https://api.gw.localhost:${server.port}`),
    ...(await createSignIn(tenant, () => `https://auth.gw.localhost:${server.port}`, PEOPLE)),
  ])
  const domain = `gw.localhost:${server.port}`
  const clients = (): Application[] =>
    [...tenant.applications.values()].filter(({ members }) => members.type === 'WEB_APP')
  const { administrator } = tenant
  return {
    tenant,
    domain,
    settings: {
      kind: 'pingone',
      domain,
      environmentId: tenant.environmentId,
      credentials: { clientId: administrator.id, clientSecret: { env: SECRET_VARIABLE } },
      allowedGroups: ['staff'],
      directory: true,
    },
    environment: { [SECRET_VARIABLE]: administrator.secret },
    faults: server.faults,
    log: server.log,
    inventory: () =>
      [...tenant.applications.values()]
        .filter((application) => application !== administrator)
        .map(({ members }) => `${members.type} ${members.name}`),
    tamper(redirectUri) {
      for (const { members } of clients()) members.redirectUris = [redirectUri]
    },
    redirectUris: () => clients().flatMap(({ members }) => members.redirectUris ?? []),
    liveSecrets: () => clients().flatMap(liveSecrets),
    secretsEverSeen: () => [administrator.secret, ...tenant.secretsEverSeen, ...tenant.tokens.keys()],
    close: () => server.close(),
  }
}
