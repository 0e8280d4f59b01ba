import type { IdentityProviderSettings } from '../../config/index.ts'

/**
 * What Pomerium calls each kind of provider; `oidc` is its word for those that it has no word for.
 * @see https://www.pomerium.com/docs/reference/identity-provider-settings#identity-provider-name
 */
const PROVIDERS = {
  auth0: 'auth0',
  entra: 'azure',
  google: 'google',
  keycloak: 'oidc',
  local: 'oidc',
  oidc: 'oidc',
  okta: 'okta',
  pingone: 'ping',
  'pocket-id': 'oidc',
} as const satisfies Record<IdentityProviderSettings['kind'], string>

/** At the authenticate service; from Pomerium 0.31 on no other can be set. */
const CALLBACK_PATH = '/oauth2/callback'

/** Where Pomerium has people sent when the provider has signed them out. */
const SIGNED_OUT_PATH = '/.pomerium/signed_out'

/** What Pomerium has to know of its identity provider, whatever form it is told in. */
export interface PomeriumIdentityProvider {
  provider: (typeof PROVIDERS)[keyof typeof PROVIDERS]
  url: string
  clientId: string
  clientSecret: string
  scopes: readonly string[]
  /** With what users and groups are read: a JSON document in base64. */
  serviceAccount?: string | undefined
}

/** @see https://www.pomerium.com/docs/integrations/user-identity/identity-providers */
export function callbackUrl(authenticateUrl: string): string {
  return authenticateUrl + CALLBACK_PATH
}

/** @see https://www.pomerium.com/docs/capabilities/single-sign-out */
export function signedOutUrl(authenticateUrl: string): string {
  return authenticateUrl + SIGNED_OUT_PATH
}

/** Which of Pomerium's own providers signs people in. */
export function pomeriumProvider(kind: IdentityProviderSettings['kind']): PomeriumIdentityProvider['provider'] {
  return PROVIDERS[kind]
}

/**
 * As environment variables. A list has commas alone between its members: what stands around them would be part of a scope.
 * @see https://www.pomerium.com/docs/reference/identity-provider-settings
 */
export function environment(authenticateUrl: string, idp: PomeriumIdentityProvider): Record<string, string> {
  return {
    AUTHENTICATE_SERVICE_URL: authenticateUrl,
    IDP_PROVIDER: idp.provider,
    IDP_PROVIDER_URL: idp.url,
    IDP_CLIENT_ID: idp.clientId,
    IDP_CLIENT_SECRET: idp.clientSecret,
    IDP_SCOPES: idp.scopes.join(','),
    ...(idp.serviceAccount === undefined ? {} : { IDP_SERVICE_ACCOUNT: idp.serviceAccount }),
  }
}

/** A part of Pomerium's configuration file. Every value is JSON, which YAML 1.2 reads as it is. */
export function configFile(authenticateUrl: string, idp: PomeriumIdentityProvider): string {
  const settings = Object.entries({
    ...environment(authenticateUrl, idp),
    IDP_SCOPES: idp.scopes,
  })
  return settings.map(([name, value]) => `${name.toLowerCase()}: ${JSON.stringify(value)}\n`).join('')
}

/**
 * The keys of the Secret that `identityProvider.secret` of Pomerium's settings in a cluster names.
 * @see https://www.pomerium.com/docs/deploy/k8s/reference#identityprovider
 */
export function secretValues({
  clientId,
  clientSecret,
  serviceAccount,
}: PomeriumIdentityProvider): Record<string, string> {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    ...(serviceAccount === undefined ? {} : { service_account: serviceAccount }),
  }
}

/**
 * What stands beside that Secret: `spec` of a resource of kind Pomerium. No secret is in it.
 * @param secret `namespace/name`
 */
export function clusterSpec(
  authenticateUrl: string,
  { provider, url, scopes }: Pick<PomeriumIdentityProvider, 'provider' | 'url' | 'scopes'>,
  secret: string,
): { authenticate: { url: string }; identityProvider: object } {
  return { authenticate: { url: authenticateUrl }, identityProvider: { provider, url, scopes, secret } }
}
