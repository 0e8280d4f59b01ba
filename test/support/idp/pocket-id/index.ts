import { createOpenId } from '../openid.ts'
import { type Answered, type Asked, startVendorServer } from '../server.ts'
import type { TestCertificate } from '../tls.ts'
import { PEOPLE, type Vendor } from '../vendor.ts'
import { createApi } from './api.ts'
import { createTenant, liveSecrets, type SecretsApi, type Tenant, type TenantClient } from './tenant.ts'

export { keepSecret, type SecretsApi, type Tenant, type TenantClient, upgrade } from './tenant.ts'

const API_KEY_VARIABLE = 'POCKET_ID_API_KEY'
const LOGOUT = '/api/oidc/end-session'

export interface PocketIdVendor extends Vendor {
  /** Its origin. */
  url: string
  tenant: Tenant
}

/**
 * Starts a Pocket ID.
 * @param secretsApi `several` as from 2.14 on, `one` as before
 * @see https://pocket-id.org/docs/api
 */
export async function startPocketId(
  certificate: TestCertificate,
  secretsApi: SecretsApi = 'several',
): Promise<PocketIdVendor> {
  const tenant = createTenant(secretsApi)
  const here = { url: '' }
  const openId = await createOpenId({
    issuer: () => here.url,
    people: () => PEOPLE,
    findClient: (clientId) => signInClient(tenant, tenant.clients.get(clientId)),
    paths: {
      authorize: '/authorize',
      token: '/api/oidc/token',
      jwks: '/.well-known/jwks.json',
      logout: LOGOUT,
      userinfo: '/api/oidc/userinfo',
    },
    discovery: (honest) => ({
      ...honest,
      scopes_supported: ['openid', 'profile', 'email', 'groups', 'offline_access'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    }),
  })
  const server = await startVendorServer(certificate, [createApi(tenant), askBeforeLogout, openId])
  here.url = `https://pocket-id.gw.localhost:${server.port}`

  const onlyClient = (): TenantClient => {
    const [client, ...others] = tenant.clients.values()
    if (!client || others.length > 0) throw new Error(`${tenant.clients.size} clients`)
    return client
  }
  return {
    url: here.url,
    tenant,
    settings: {
      kind: 'pocket-id',
      url: here.url,
      credentials: { apiKey: { env: API_KEY_VARIABLE } },
      allowedGroups: ['staff'],
      directory: true,
    },
    environment: { [API_KEY_VARIABLE]: tenant.apiKey },
    faults: server.faults,
    log: server.log,
    inventory: () =>
      [...tenant.clients.values()].flatMap(({ name, secrets }) => [
        `client ${name}`,
        ...secrets.map(() => `secret of ${name}`),
      ]),
    tamper: (redirectUri) => void (onlyClient().callbackURLs = [redirectUri]),
    redirectUris: () => onlyClient().callbackURLs,
    liveSecrets: () => liveSecrets(tenant, onlyClient()),
    secretsEverSeen: () => [...tenant.secretsEverSeen],
    close: () => server.close(),
  }
}

/** Without an ID token to tell whose session it is, people are asked, and stay at Pocket ID. */
function askBeforeLogout({ url }: Asked): Answered | undefined {
  if (url.pathname !== LOGOUT || url.searchParams.has('id_token_hint')) return undefined
  return { status: 302, headers: { location: `${url.origin}/logout` } }
}

function signInClient(tenant: Tenant, client: TenantClient | undefined) {
  if (!client) return undefined
  const groups = tenant.groups.filter(({ id }) => client.allowedUserGroupIds.includes(id)).map(({ name }) => name)
  return {
    secrets: liveSecrets(tenant, client),
    redirectUris: client.callbackURLs,
    postLogoutRedirectUris: client.logoutCallbackURLs,
    grantTypes: ['authorization_code', 'refresh_token'],
    pkceRequired: client.pkceEnabled,
    authMethod: 'any' as const,
    admits: (person: { groups: string[] }) =>
      !client.isGroupRestricted || person.groups.some((group) => groups.includes(group)),
    claims: (person: { email: string; groups: string[] }, scopes: readonly string[]) => ({
      ...(scopes.includes('profile') ? { preferred_username: person.email.split('@')[0] } : {}),
      ...(scopes.includes('groups') ? { groups: person.groups } : {}),
    }),
  }
}
