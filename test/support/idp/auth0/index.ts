import { createOpenId, presentedCredential, secretText, type SignInClient } from '../openid.ts'
import { type Answered, type Asked, startVendorServer } from '../server.ts'
import type { TestCertificate } from '../tls.ts'
import { PEOPLE, type Vendor } from '../vendor.ts'
import { manage } from './management.ts'
import { runPostLogin } from './post-login.ts'
import { audienceOf, type Client, createTenant, type Tenant } from './tenant.ts'

export { tooManyRequests } from './management.ts'
export { type PostLogin, runPostLogin } from './post-login.ts'
export { type Action, createTenant, type Tenant } from './tenant.ts'

/** What the client that administers a tenant has to be granted: the docs name the same. */
const adminScopes = [
  ...['read', 'create', 'update', 'delete'].flatMap((verb) => [
    `${verb}:clients`,
    `${verb}:client_grants`,
    `${verb}:actions`,
  ]),
  'read:client_keys',
  'update:client_keys',
  'read:client_credentials',
  'read:roles',
]

/** Where the stack file says that the secret of that client is. */
const SECRET_VARIABLE = 'ACME_AUTH0_SECRET'

/** Auth0 as tests see it, and what else only it has. */
export interface Auth0Vendor extends Vendor {
  tenant: Tenant
}

/**
 * Starts an emulated tenant of Auth0: its Management API, its token endpoint for applications, and sign-in that runs the
 * deployed code of its Actions.
 */
export async function startAuth0(certificate: TestCertificate): Promise<Auth0Vendor> {
  const tenant = createTenant(adminScopes)
  const openId = await createOpenId({
    issuer: () => `${tenant.origin}/`,
    people: () => PEOPLE,
    findClient: (clientId) => signInClient(tenant, clientId),
    paths: {
      authorize: '/authorize',
      token: '/oauth/token',
      jwks: '/.well-known/jwks.json',
      logout: '/oidc/logout',
      userinfo: '/userinfo',
    },
    otherGrant: (parameters, asked) => clientCredentials(tenant, parameters, asked),
  })
  const server = await startVendorServer(certificate, [manage(tenant), openId])
  const domain = `acme.gw.localhost:${server.port}`
  tenant.origin = `https://${domain}`
  for (const grant of tenant.grants.values()) grant.audience = audienceOf(tenant)

  const apps = (): Client[] => [...tenant.clients.values()].filter((client) => client.app_type === 'regular_web')
  const { admin } = tenant
  return {
    tenant,
    settings: {
      kind: 'auth0',
      domain,
      credentials: { clientId: admin.client_id, clientSecret: { env: SECRET_VARIABLE } },
      allowedGroups: ['staff'],
      groupsClaim: true,
      directory: true,
    },
    environment: { [SECRET_VARIABLE]: admin.client_secret },
    faults: server.faults,
    log: server.log,
    inventory: () => inventory(tenant),
    tamper(redirectUri) {
      for (const app of apps()) app.callbacks = [redirectUri]
    },
    redirectUris: () => apps().flatMap(({ callbacks = [] }) => callbacks),
    liveSecrets: () => apps().map((app) => app.client_secret),
    secretsEverSeen: () => [...tenant.secrets, ...tenant.tokens.keys()],
    close: () => server.close(),
  }
}

function inventory(tenant: Tenant): string[] {
  const { admin, clients, grants, actions, bindings } = tenant
  return [
    ...[...clients.values()].filter((client) => client !== admin).map(({ name }) => `client ${name}`),
    ...[...grants.values()].filter((grant) => grant.client_id !== admin.client_id).map(({ id }) => `grant ${id}`),
    ...[...actions.values()].map(({ name }) => `action ${name}`),
    ...[...bindings.values()].flat().map(({ displayName }) => `binding ${displayName}`),
  ]
}

function signInClient(tenant: Tenant, clientId: string): SignInClient | undefined {
  const client = tenant.clients.get(clientId)
  if (!client) return undefined
  const jwt = client['jwt_configuration'] as { alg?: string } | undefined
  return {
    secrets: [client.client_secret],
    redirectUris: client.callbacks ?? [],
    postLogoutRedirectUris: client.allowed_logout_urls ?? [],
    grantTypes: client.grant_types,
    // Auth0 checks a challenge when there is one, and has no setting that demands it.
    pkceRequired: false,
    authMethod: client.token_endpoint_auth_method as SignInClient['authMethod'],
    // An application that is left with HS256 gets tokens which nobody can check with the tenant's keys.
    admits: (person) => jwt?.alg === 'RS256' && runPostLogin(tenant, clientId, person).denied === undefined,
    claims: (person) => runPostLogin(tenant, clientId, person).claims,
  }
}

/** @see https://auth0.com/docs/api/authentication/client-credential-flow/get-token */
function clientCredentials(tenant: Tenant, parameters: URLSearchParams, asked: Asked): Answered | undefined {
  if (parameters.get('grant_type') !== 'client_credentials') return undefined
  const { clientId, secret } = presentedCredential(parameters, asked)
  const client = tenant.clients.get(clientId)
  if (client?.client_secret !== secret) return refuse(401, 'access_denied', 'Unauthorized')
  if (!client.grant_types.includes('client_credentials')) {
    return refuse(403, 'unauthorized_client', `Grant type 'client_credentials' not allowed for the client.`)
  }
  const audience = parameters.get('audience')
  const grant = [...tenant.grants.values()].find(
    (candidate) => candidate.client_id === clientId && candidate.audience === audience,
  )
  if (!grant) return refuse(403, 'access_denied', 'Client is not authorized to access the resource server.')
  const token = secretText()
  tenant.tokens.set(token, grant.scope)
  return {
    body: { access_token: token, token_type: 'Bearer', expires_in: 86_400, scope: grant.scope.join(' ') },
  }
}

function refuse(status: number, error: string, description: string): Answered {
  return { status, body: { error, error_description: description } }
}
