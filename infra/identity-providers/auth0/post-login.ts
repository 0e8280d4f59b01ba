/**
 * The claim of the ID token that holds the names of roles. Auth0 drops `groups` and `roles` without a word: both are on its
 * list of names that no Action may set.
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
export const GROUPS_CLAIM = 'gatewright_groups'

/** What the Action is to do. */
export interface PostLogin {
  /** Of the only client that it is for. */
  clientId: string
  /** Names of roles; empty lets everybody in. */
  allowedRoles: readonly string[]
  /** Claim for the names of roles; nobody is told them where it is left out. */
  groupsClaim?: string
}

/**
 * What Auth0 is to run after a sign-in, and when a refresh token is used: people without one of the roles are denied, the
 * others' roles go into the ID token. It does nothing for any other client of the tenant.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/post-login-event-object
 */
export function postLoginCode({ clientId, allowedRoles, groupsClaim }: PostLogin): string {
  const claim = groupsClaim === undefined ? '' : `\n  api.idToken.setCustomClaim(${JSON.stringify(groupsClaim)}, roles)`
  return `// Made by Gatewright: what is changed here by hand, the next deployment puts back.
const CLIENT_ID = ${JSON.stringify(clientId)}
const ALLOWED_ROLES = ${JSON.stringify(allowedRoles.toSorted())}

exports.onExecutePostLogin = async (event, api) => {
  if (event.client.client_id !== CLIENT_ID) return
  const roles = event.authorization?.roles ?? []
  if (ALLOWED_ROLES.length > 0 && !ALLOWED_ROLES.some((role) => roles.includes(role))) {
    return api.access.deny('This application is not assigned to you.')
  }${claim}
}
`
}
