import { createOpenId } from '../openid.ts'
import type { Answered, Asked, Handler } from '../server.ts'
import type { GoogleTenant } from './tenant.ts'

/** All that Google has for sign-in; another one ends it on a page. */
const SCOPES = ['openid', 'email', 'profile']

/**
 * Sign-in as Google does it: no end_session_endpoint, no groups, error pages of its own, and errors of the token endpoint
 * with Google's words.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#error-codes
 */
export async function createSignIn(tenant: GoogleTenant, issuer: () => string): Promise<Handler> {
  const paths = {
    authorize: '/o/oauth2/v2/auth',
    token: '/token',
    jwks: '/oauth2/v3/certs',
    logout: '/none',
    userinfo: '/v1/userinfo',
  }
  const openId = await createOpenId({
    issuer,
    people: () => tenant.people,
    findClient: (clientId) => (clientId === tenant.client.id ? signInClient(tenant) : undefined),
    paths,
    discovery: ({ end_session_endpoint: _none, ...rest }) => ({
      ...rest,
      scopes_supported: SCOPES,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    }),
  })
  return async (asked) => {
    if (asked.url.host !== new URL(issuer()).host || asked.url.pathname === paths.logout) return undefined
    if (asked.url.pathname === paths.authorize) return refusal(tenant, asked.url) ?? openId(asked)
    const answered = await openId(asked)
    return asked.url.pathname === paths.token ? inGooglesWords(answered, asked, tenant) : answered
  }
}

function signInClient({ client }: GoogleTenant) {
  return {
    secrets: client.secrets.filter(({ enabled }) => enabled).map(({ value }) => value),
    redirectUris: client.redirectUris,
    postLogoutRedirectUris: [],
    grantTypes: ['authorization_code', 'refresh_token'],
    pkceRequired: false,
    authMethod: 'any' as const,
    admits: () => true,
    claims: ({ email }: { email: string }) => ({ hd: email.slice(email.indexOf('@') + 1) }),
  }
}

/** The page on which a sign-in ends that Google does not take. */
function refusal({ client }: GoogleTenant, { searchParams: query }: URL): Answered | undefined {
  if (query.get('client_id') !== client.id) return errorPage(401, 'invalid_client', 'The OAuth client was not found.')
  if (!client.redirectUris.includes(query.get('redirect_uri') ?? '')) {
    const text = 'You can’t sign in because this app sent an invalid request.'
    return errorPage(400, 'redirect_uri_mismatch', text)
  }
  const unknown = (query.get('scope') ?? '').split(' ').filter((scope) => !SCOPES.includes(scope))
  if (unknown.length > 0)
    return errorPage(400, 'invalid_scope', `Some requested scopes were invalid: ${unknown.join()}`)
  return undefined
}

function errorPage(status: number, error: string, text: string): Answered {
  return { status, body: `<!doctype html><title>Error</title><h1>Access blocked</h1>${text} Error ${status}: ${error}` }
}

function inGooglesWords(answered: Answered | undefined, { body }: Asked, { client }: GoogleTenant) {
  const { error } = (answered?.body ?? {}) as { error?: string }
  const description = {
    invalid_client: body.includes(client.id) ? 'Unauthorized' : 'The OAuth client was not found.',
    invalid_grant: 'Malformed auth code.',
  }[error ?? '']
  return description === undefined ? answered : { ...answered, body: { error, error_description: description } }
}
