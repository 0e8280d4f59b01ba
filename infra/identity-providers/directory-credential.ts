/** With what the users and groups of a provider can be read: as little as that needs. */
export type DirectoryCredential =
  /** @see https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/ */
  | { kind: 'okta'; url: string; clientId: string; privateJwk: string; scopes: string[] }
  /** An API token that somebody made by hand. */
  | { kind: 'okta-token'; url: string; apiToken: string }
  /** @see https://learn.microsoft.com/en-us/graph/auth-v2-service */
  | { kind: 'entra'; tenantId: string; authority: string; graphUrl: string; clientId: string; clientSecret: string }
  /** @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens */
  | { kind: 'auth0'; url: string; audience: string; clientId: string; clientSecret: string }
  /** @see https://developers.google.com/identity/protocols/oauth2/service-account */
  | { kind: 'google'; apiUrl: string; serviceAccountKey: string; impersonate: string; scopes: string[] }
  | { kind: 'pingone'; apiUrl: string; issuer: string; environmentId: string; clientId: string; clientSecret: string }
  | { kind: 'pocket-id'; url: string; apiKey: string }
  | { kind: 'keycloak'; url: string; realm: string; clientId: string; clientSecret: string }
