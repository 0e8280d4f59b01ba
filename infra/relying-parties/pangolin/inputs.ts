import type { IdentityProviderSettings, PangolinSettings } from '../../config/index.ts'

/**
 * The claim that tells people apart, by kind of provider. `sub` is the one that a provider never gives to somebody else
 * (OpenID Connect Core 1.0 §5.7). Entra makes another one for each client, so that all accounts were lost with it: `oid` stays.
 * At Pocket ID both sides call people by their user name, and somebody who is to be entered at Pangolin by hand has no other
 * name that one could know.
 */
const IDENTIFIER_PATHS: Record<IdentityProviderSettings['kind'], string> = {
  auth0: 'sub',
  entra: 'oid',
  google: 'sub',
  keycloak: 'sub',
  local: 'sub',
  oidc: 'sub',
  okta: 'sub',
  pingone: 'sub',
  'pocket-id': 'preferred_username',
}

/** Everybody: a literal of JMESPath. */
const EVERYBODY = '`true`'

/** What Pangolin is to read out of an ID token, and where it gets one. */
export function clientInputs(settings: PangolinSettings, provider: IdentityProviderSettings) {
  const endpoints = provider.kind === 'oidc' ? provider.endpoints : undefined
  return {
    scopes: settings.scopes.join(' '),
    identifierPath: settings.identifierPath ?? IDENTIFIER_PATHS[provider.kind],
    emailPath: settings.emailPath,
    namePath: settings.namePath,
    ...(endpoints && { authorizationEndpoint: endpoints.authorization, tokenEndpoint: endpoints.token }),
  }
}

/** Who comes into an organization, and as what, in Pangolin's terms. */
export function mappings({ role, roleMapping, orgMapping }: PangolinSettings['organizations'][string]) {
  return { roleMapping: roleMapping ?? rawString(role ?? ''), orgMapping: orgMapping ?? EVERYBODY }
}

/** @see https://jmespath.org/specification.html#raw-string-literals */
function rawString(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`
}

/**
 * By which the stack knows a policy: parted by what neither a relying party's key nor an organization's id can have, so that
 * no two policies share one.
 */
export function policyName(relyingParty: string, organization: string): string {
  return `${relyingParty}.${organization}`
}
