import { createOpenId, type Person, presentedCredential, type SignInClient } from '../openid.ts'
import type { Answered, Asked, Handler } from '../server.ts'
import { PEOPLE } from '../vendor.ts'
import { type Application, type EntraStore, guidOf, type Password } from './store.ts'

/** How people sign in to the tenant's applications, and applications to Graph. */
export async function createSignIn(
  store: EntraStore,
  issuer: () => string,
  clientCredentials: (clientId: string, secret: string, scope: string) => Answered,
): Promise<Handler> {
  const base = `/${store.tenantId}/oauth2/v2.0`
  const paths = {
    authorize: `${base}/authorize`,
    token: `${base}/token`,
    logout: `${base}/logout`,
    jwks: `/${store.tenantId}/discovery/v2.0/keys`,
    userinfo: '/oidc/userinfo',
  }
  const openId = await createOpenId({
    issuer,
    paths,
    people: () => PEOPLE,
    findClient: (clientId) => findClient(store, clientId),
    otherGrant(parameters, asked) {
      if (parameters.get('grant_type') !== 'client_credentials') return undefined
      const { clientId, secret } = presentedCredential(parameters, asked)
      return clientCredentials(clientId, secret, parameters.get('scope') ?? '')
    },
  })
  return async (asked) => {
    const early = asked.url.pathname === paths.token ? refuseEarly(store, asked) : undefined
    const answered = early ?? (await openId(asked))
    if (asked.url.pathname === paths.userinfo) return withoutVerdict(answered)
    const refused = (answered?.body as { error?: unknown } | undefined)?.error === 'invalid_client'
    return refused ? invalidSecret() : answered
  }
}

function findClient(store: EntraStore, clientId: string): SignInClient | undefined {
  const application = [...store.applications.values()].find(({ appId }) => appId === clientId)
  const principal = [...store.servicePrincipals.values()].find(({ appId }) => appId === clientId)
  if (!application || !principal) return undefined
  const { redirectUris } = application.properties.web
  const assigned = [...store.assignments.values()]
    .filter(({ resourceId }) => resourceId === principal.id)
    .map(({ principalId }) => principalId)
  const groupsOf = (person: Person) =>
    store.groups.filter(({ id, displayName }) => person.groups.includes(displayName) && assigned.includes(id))
  return {
    secrets: livePasswords(application).map(({ secretText }) => secretText),
    redirectUris,
    // There is one list for both.
    postLogoutRedirectUris: redirectUris,
    grantTypes: ['authorization_code', 'refresh_token'],
    pkceRequired: false,
    authMethod: 'any',
    admits: (person) => !principal.appRoleAssignmentRequired || groupsOf(person).length > 0,
    claims(person, scopes) {
      const optional = application.properties.optionalClaims?.idToken ?? []
      const hasEmail = scopes.includes('email') || optional.some(({ name }) => name === 'email')
      const groups = optional.find(({ name }) => name === 'groups')
      const named = groups?.additionalProperties.includes('cloud_displayname')
      const emitted = application.properties.groupMembershipClaims === 'ApplicationGroup' ? groupsOf(person) : []
      return {
        oid: guidOf(person.sub),
        tid: store.tenantId,
        ver: '2.0',
        preferred_username: person.email,
        email: hasEmail ? person.email : undefined,
        // Entra does not say.
        email_verified: undefined,
        // Not even where it is asked how long ago that was.
        ...(optional.some(({ name }) => name === 'auth_time') ? {} : { auth_time: undefined }),
        ...(emitted.length > 0 ? { groups: emitted.map(({ id, displayName }) => (named ? displayName : id)) } : {}),
      }
    },
  }
}

export function livePasswords({ passwords }: Application): Password[] {
  return passwords.filter(({ endDateTime }) => Date.parse(endDateTime) > Date.now())
}

/** A code as this emulator makes them. */
const CODE = /^[\w-]{32}$/

/** What Entra refuses before it looks at anything else; its words for an unknown application differ from the protocol's. */
function refuseEarly(store: EntraStore, asked: Asked): Answered | undefined {
  const parameters = new URLSearchParams(asked.body)
  const { clientId, secret } = presentedCredential(parameters, asked)
  const application = [...store.applications.values()].find(({ appId }) => appId === clientId)
  if (!application && clientId !== store.administrator.clientId) {
    return refusal(400, 'unauthorized_client', 700016, `Application with identifier '${clientId}' was not found.`)
  }
  const code = parameters.get('code')
  if (code !== null && !CODE.test(code)) {
    return refusal(400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.')
  }
  // A new secret takes a moment until all of the token endpoint knows it.
  const password = application?.passwords.find(({ secretText, refusals }) => secretText === secret && refusals > 0)
  if (!password) return undefined
  password.refusals -= 1
  return invalidSecret()
}

export function invalidSecret(): Answered {
  return refusal(401, 'invalid_client', 7000215, 'Invalid client secret provided.')
}

/** @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes */
export function refusal(status: number, error: string, code: number, text: string): Answered {
  return { status, body: { error, error_description: `AADSTS${code}: ${text}`, error_codes: [code] } }
}

function withoutVerdict(answered: Answered | undefined): Answered | undefined {
  if (!answered || typeof answered.body !== 'object') return answered
  const { email_verified: _, ...said } = answered.body as Record<string, unknown>
  return { ...answered, body: said }
}
