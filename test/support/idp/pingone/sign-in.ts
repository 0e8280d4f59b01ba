import {
  type Answered,
  type Asked,
  createOpenId,
  type Handler,
  type Person,
  presentedCredential,
  secretText,
  type SignInClient,
} from '../index.ts'
import { type Application, grantedScopes, liveSecrets, type Tenant } from './tenant.ts'

const authMethods: Record<string, 'client_secret_basic' | 'client_secret_post'> = {
  CLIENT_SECRET_BASIC: 'client_secret_basic',
  CLIENT_SECRET_POST: 'client_secret_post',
}

/**
 * The authorization server of an environment: `/{environment}/as/…`.
 * @param origin where it answers
 * @see https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2.html
 */
export async function createSignIn(
  tenant: Tenant,
  origin: () => string,
  people: readonly Person[],
): Promise<readonly Handler[]> {
  const base = `/${tenant.environmentId}/as`
  const openId = await createOpenId({
    issuer: () => origin() + base,
    people: () => people,
    findClient: (id) => findClient(tenant, id),
    paths: {
      authorize: `${base}/authorize`,
      token: `${base}/token`,
      jwks: `${base}/jwks`,
      logout: `${base}/signoff`,
      userinfo: `${base}/userinfo`,
    },
    otherGrant: (parameters, asked) => workerToken(tenant, parameters, asked),
  })
  return [(asked) => refuseScopes(tenant, `${origin()}${base}/authorize`, asked), openId]
}

function findClient(tenant: Tenant, clientId: string): SignInClient | undefined {
  const application = tenant.applications.get(clientId)
  if (!application?.members.enabled) return undefined
  const { members } = application
  return {
    secrets: liveSecrets(application),
    redirectUris: members.redirectUris ?? [],
    postLogoutRedirectUris: members.postLogoutRedirectUris ?? [],
    grantTypes: members.grantTypes.map((grantType) => grantType.toLowerCase()),
    pkceRequired: ['REQUIRED', 'S256_REQUIRED'].includes(members.pkceEnforcement ?? ''),
    authMethod: authMethods[members.tokenEndpointAuthMethod] ?? 'client_secret_basic',
    admits: (person) => admits(tenant, application, person),
    claims: (person) => claims(application, person),
  }
}

function admits(tenant: Tenant, { members }: Application, { groups }: Person): boolean {
  const control = members.accessControl?.group
  if (!control) return true
  const names = control.groups.map(({ id }) => String(tenant.groups.find((group) => group.id === id)?.['name']))
  return control.type === 'ANY_GROUP'
    ? names.some((name) => groups.includes(name))
    : names.every((name) => groups.includes(name))
}

/** Claims of the application's own are there whatever the scopes. */
function claims({ attributes }: Application, person: Person): Record<string, unknown> {
  const values: Record<string, unknown> = {
    '${user.id}': person.sub,
    '${user.email}': person.email,
    '${user.memberOfGroupNames}': person.groups,
  }
  return Object.fromEntries([...attributes.values()].map(({ name, value }) => [name, values[value] ?? value]))
}

/** A scope that is not granted to the application is an error here, where the vendor may only leave it out. */
function refuseScopes(tenant: Tenant, endpoint: string, { url }: Asked): Answered | undefined {
  if (url.origin + url.pathname !== endpoint) return undefined
  const application = tenant.applications.get(url.searchParams.get('client_id') ?? '')
  const redirectUri = url.searchParams.get('redirect_uri') ?? ''
  if (!application?.members.redirectUris?.includes(redirectUri)) return undefined
  const asked = (url.searchParams.get('scope') ?? '').split(' ').filter(Boolean)
  const granted = grantedScopes(tenant, application)
  if (asked.every((scope) => granted.includes(scope))) return undefined
  const target = new URL(redirectUri)
  target.searchParams.set('error', 'invalid_scope')
  target.searchParams.set('state', url.searchParams.get('state') ?? '')
  return { status: 303, headers: { location: target.href } }
}

/** A worker's own token (RFC 6749 §4.4). */
function workerToken(tenant: Tenant, parameters: URLSearchParams, asked: Asked): Answered | undefined {
  if (parameters.get('grant_type') !== 'client_credentials') return undefined
  const { clientId, secret, method } = presentedCredential(parameters, asked)
  const application = tenant.applications.get(clientId)
  const client = findClient(tenant, clientId)
  const refuse = (description: string, status = 401): Answered => ({
    status,
    body: { error: 'invalid_client', error_description: `Request denied: ${description}` },
  })
  if (!application || !client?.secrets.includes(secret)) return refuse('Invalid client credentials')
  if (client.authMethod !== method) return refuse('Unsupported authentication method')
  if (!client.grantTypes.includes('client_credentials')) return { status: 400, body: { error: 'unauthorized_client' } }
  const token = secretText()
  tenant.tokens.set(token, application)
  return { body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } }
}
