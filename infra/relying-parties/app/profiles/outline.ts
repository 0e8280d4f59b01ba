import { type AppProfile, USUAL } from '../profile.ts'

/**
 * Environment variables; Outline is told each endpoint.
 * @see https://docs.getoutline.com/s/hosting/doc/oidc-8CPBm6uC0I
 */
export const outline: AppProfile = {
  ...USUAL,
  callbacks: (url) => [`${url}/auth/oidc.callback`],
  authMethod: 'client_secret_post',
  needsEndpoints: true,
  values: (client) => ({
    URL: client.url,
    OIDC_CLIENT_ID: client.clientId,
    OIDC_CLIENT_SECRET: client.clientSecret,
    OIDC_AUTH_URI: client.endpoints.authorization,
    OIDC_TOKEN_URI: client.endpoints.token,
    OIDC_USERINFO_URI: client.endpoints.userinfo,
    OIDC_DISPLAY_NAME: client.displayName,
    OIDC_SCOPES: client.scopes.join(' '),
  }),
}
