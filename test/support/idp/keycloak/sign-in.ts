import { createOpenId, type Person, presentedCredential, secretText, type SignInClient } from '../openid.ts'
import type { Answered, Asked, Handler } from '../server.ts'
import { PEOPLE } from '../vendor.ts'
import type { Client, Realm } from './realm.ts'

const PROTOCOL = '/realms/acme/protocol/openid-connect'
const PATHS = {
  authorize: `${PROTOCOL}/auth`,
  token: `${PROTOCOL}/token`,
  jwks: `${PROTOCOL}/certs`,
  logout: `${PROTOCOL}/logout`,
  userinfo: `${PROTOCOL}/userinfo`,
}

/**
 * The realm's OpenID provider, with what is Keycloak's own way.
 * @param tokens access token → client whose service account has it; filled here
 */
export async function createSignIn(realm: Realm, issuer: () => string, tokens: Map<string, string>): Promise<Handler> {
  const openId = await createOpenId({
    issuer,
    people: () => PEOPLE,
    paths: PATHS,
    findClient: (clientId) => toSignInClient(realm.byClientId(clientId)),
    otherGrant: (parameters, asked) =>
      parameters.get('grant_type') === 'client_credentials'
        ? serviceAccountToken(realm, tokens, parameters, asked)
        : undefined,
  })
  return async (asked) => {
    const unknownScope = asked.url.pathname === PATHS.authorize ? refuseScopes(realm, asked.url) : undefined
    const answered = unknownScope ?? (await openId(asked))
    // Keycloak's own word for a client or a secret that it does not know.
    return answered?.status === 401 && asked.url.pathname === PATHS.token ? UNAUTHORIZED_CLIENT : answered
  }
}

const UNAUTHORIZED_CLIENT: Answered = {
  status: 401,
  body: { error: 'unauthorized_client', error_description: 'Invalid client or Invalid client credentials' },
}

function serviceAccountToken(
  realm: Realm,
  tokens: Map<string, string>,
  parameters: URLSearchParams,
  asked: Asked,
): Answered {
  const { clientId, secret } = presentedCredential(parameters, asked)
  const client = realm.byClientId(clientId)
  if (!client?.enabled || client.secret === undefined || client.secret !== secret) return UNAUTHORIZED_CLIENT
  if (!client.serviceAccountsEnabled) return { status: 401, body: { error: 'unauthorized_client' } }
  const token = secretText()
  tokens.set(token, client.id)
  return {
    body: { access_token: token, expires_in: 300, refresh_expires_in: 0, token_type: 'Bearer', scope: 'email profile' },
  }
}

/** Only scopes of the client may be asked for; a request that is wrong otherwise is left to the protocol. */
function refuseScopes(realm: Realm, { searchParams: query }: URL): Answered | undefined {
  const client = realm.byClientId(query.get('client_id') ?? '')
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!client?.redirectUris.includes(redirectUri)) return undefined
  const has = new Set(['openid', ...client.defaultClientScopes, ...client.optionalClientScopes])
  if ((query.get('scope') ?? '').split(' ').every((scope) => scope === '' || has.has(scope))) return undefined
  const target = new URL(redirectUri)
  target.searchParams.set('error', 'invalid_scope')
  target.searchParams.set('state', query.get('state') ?? '')
  return { status: 302, headers: { location: target.href } }
}

function toSignInClient(client: Client | undefined): SignInClient | undefined {
  if (!client?.enabled || client.bearerOnly) return undefined
  const { attributes } = client
  return {
    secrets: client.secret === undefined ? [] : [client.secret],
    redirectUris: client.redirectUris,
    postLogoutRedirectUris: postLogoutUris(client),
    grantTypes: [
      ...(client.standardFlowEnabled ? ['authorization_code'] : []),
      ...(attributes['use.refresh.tokens'] === 'false' ? [] : ['refresh_token']),
    ],
    // Bound to the session; offline_access asks for one that outlives it.
    refreshesAlways: true,
    pkceRequired: attributes['pkce.code.challenge.method'] === 'S256',
    authMethod: 'any',
    admits: () => true,
    claims: (person) =>
      Object.assign({}, ...client.protocolMappers.map((mapper) => claimsOf(mapper, person))) as object as Record<
        string,
        unknown
      >,
  }
}

/** Nothing, or a plus, means the redirect URIs; a dash means none. */
function postLogoutUris({ attributes, redirectUris }: Client): string[] {
  const uris = attributes['post.logout.redirect.uris']?.split('##') ?? ['+']
  if (uris[0] === '-') return []
  return uris[0] === '+' ? redirectUris : uris
}

function claimsOf(
  { protocolMapper, config }: Client['protocolMappers'][number],
  person: Person,
): Record<string, unknown> {
  if (protocolMapper !== 'oidc-group-membership-mapper' || config['id.token.claim'] !== 'true') return {}
  const prefix = config['full.path'] === 'true' ? '/' : ''
  return { [config['claim.name'] ?? '']: person.groups.map((group) => prefix + group) }
}
