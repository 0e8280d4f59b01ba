import { importJWK, jwtVerify } from 'jose'

import { type Person, secretText, type SignInClient } from '../openid.ts'
import type { Answered } from '../server.ts'
import type { App, Tenant } from './tenant.ts'

/** An app as the authorization server sees it: who is assigned gets in, and groups are in tokens as its claim says. */
export function signInClient(tenant: Tenant, clientId: string): SignInClient | undefined {
  const app = tenant.apps.get(clientId)
  if (app?.status !== 'ACTIVE') return undefined
  const { settings, oauthClient } = app
  return {
    secrets: liveSecrets(app),
    redirectUris: settings.redirect_uris,
    postLogoutRedirectUris: settings.post_logout_redirect_uris ?? [],
    grantTypes: settings.grant_types,
    pkceRequired: oauthClient.pkce_required,
    authMethod: oauthClient.token_endpoint_auth_method as SignInClient['authMethod'],
    admits: (person) => app.implicitAssignment || isAssigned(tenant, app, person),
    claims: (person, scopes) => ({
      preferred_username: person.email,
      ...(scopes.includes('groups') ? groupsClaim(app, person) : {}),
    }),
  }
}

export function liveSecrets({ secrets }: App): string[] {
  return secrets.filter(({ status }) => status === 'ACTIVE').map(({ value }) => value)
}

function isAssigned(tenant: Tenant, app: App, person: Person): boolean {
  return tenant.groups.some(({ id, name }) => app.assignments.has(id) && groupsOf(person).includes(name))
}

function groupsOf({ groups }: Person): string[] {
  return ['Everyone', ...groups]
}

function groupsClaim({ groupsClaim: claim }: App, person: Person): Record<string, unknown> {
  const { name, value = '', valueType, groupFilterType } = claim
  if (!name || valueType !== 'GROUPS' || groupFilterType !== 'REGEX') return {}
  // Okta's filter has to match the whole name, and at most 100 groups come.
  const filter = new RegExp(`^(?:${value})$`)
  return {
    [name]: groupsOf(person)
      .filter((group) => filter.test(group))
      .slice(0, 100),
  }
}

/**
 * A service app's own credentials for the management API (RFC 7523 §2.2).
 * @see https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/
 */
export async function serviceToken(tenant: Tenant, parameters: URLSearchParams): Promise<Answered | undefined> {
  if (parameters.get('grant_type') !== 'client_credentials') return undefined
  const app = await provenApp(tenant, parameters.get('client_assertion') ?? '')
  if (!app) return { status: 401, body: { error: 'invalid_client' } }
  const scopes = (parameters.get('scope') ?? '').split(' ').filter(Boolean)
  const granted = [...app.grants.values()]
  if (scopes.length === 0 || app.roles.size === 0 || !scopes.every((scope) => granted.includes(scope))) {
    return { status: 400, body: { error: 'invalid_scope' } }
  }
  const token = secretText()
  tenant.tokens.set(token, scopes)
  tenant.secretsEverSeen.add(token)
  return { body: { access_token: token, token_type: 'Bearer', expires_in: 3600, scope: scopes.join(' ') } }
}

async function provenApp(tenant: Tenant, assertion: string): Promise<App | undefined> {
  const findKey = ({ kid, alg }: { kid?: string | undefined; alg?: string | undefined }) => {
    const keys = [...tenant.apps.values()].flatMap((app) => app.settings.jwks?.keys ?? [])
    const key = keys.find((candidate) => candidate.kid === kid)
    if (!key) throw new Error('no such key')
    return importJWK(key, alg)
  }
  try {
    const { payload } = await jwtVerify(assertion, findKey, { audience: `${tenant.origin}/oauth2/v1/token` })
    return payload.sub === payload.iss ? tenant.apps.get(payload.sub ?? '') : undefined
  } catch {
    // Whatever is wrong with it: it proves nothing.
    return undefined
  }
}
