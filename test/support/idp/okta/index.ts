import { createOpenId } from '../openid.ts'
import { startVendorServer } from '../server.ts'
import type { TestCertificate } from '../tls.ts'
import { PEOPLE, type Vendor } from '../vendor.ts'
import { manage } from './management.ts'
import { liveSecrets, serviceToken, signInClient } from './sign-in.ts'
import { createTenant, type App, type Tenant } from './tenant.ts'

export { tooManyRequests } from './answers.ts'
export { addSecret, type App, type Tenant } from './tenant.ts'

/** Okta as tests see it, and what else only it has. */
export interface OktaVendor extends Vendor {
  tenant: Tenant
}

/** Where the stack file's token is: a stack file with a token in plain text would be found by the search for secrets. */
const TOKEN_VARIABLE = 'OKTA_API_TOKEN'

/** Starts an emulated organisation: its management API, and its own authorization server. */
export async function startOkta(certificate: TestCertificate): Promise<OktaVendor> {
  const tenant = createTenant()
  const openId = await createOpenId({
    issuer: () => tenant.origin,
    people: () => PEOPLE,
    findClient: (clientId) => signInClient(tenant, clientId),
    paths: {
      authorize: '/oauth2/v1/authorize',
      token: '/oauth2/v1/token',
      jwks: '/oauth2/v1/keys',
      logout: '/oauth2/v1/logout',
      userinfo: '/oauth2/v1/userinfo',
    },
    otherGrant: (parameters) => serviceToken(tenant, parameters),
  })
  const server = await startVendorServer(certificate, [manage(tenant), openId])
  const domain = `okta.gw.localhost:${server.port}`
  tenant.origin = `https://${domain}`
  const webApps = (): App[] => [...tenant.apps.values()].filter(({ settings }) => settings.application_type === 'web')
  return {
    tenant,
    settings: {
      kind: 'okta',
      domain,
      credentials: { apiToken: { env: TOKEN_VARIABLE } },
      allowedGroups: ['staff', 'contractors'],
      directory: true,
    },
    environment: { [TOKEN_VARIABLE]: tenant.apiToken },
    faults: server.faults,
    log: server.log,
    inventory: () => [...tenant.apps.values()].map(({ label }) => `app ${label}`),
    tamper(redirectUri) {
      for (const { settings } of webApps()) settings.redirect_uris = [redirectUri]
    },
    redirectUris: () => webApps().flatMap(({ settings }) => settings.redirect_uris),
    liveSecrets: () => webApps().flatMap(liveSecrets),
    secretsEverSeen: () => [...tenant.secretsEverSeen],
    close: () => server.close(),
  }
}
