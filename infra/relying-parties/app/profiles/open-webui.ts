import { type AppProfile, discoveryUrl, USUAL } from '../profile.ts'

/**
 * Environment variables.
 * @see https://docs.openwebui.com/reference/env-configuration/#openid-oidc
 */
export const openWebui: AppProfile = {
  ...USUAL,
  callbacks: (url) => [`${url}/oauth/oidc/callback`],
  pkce: true,
  values: (client) => ({
    WEBUI_URL: client.url,
    OAUTH_CLIENT_ID: client.clientId,
    OAUTH_CLIENT_SECRET: client.clientSecret,
    OPENID_PROVIDER_URL: discoveryUrl(client.issuer),
    OPENID_REDIRECT_URI: `${client.url}/oauth/oidc/callback`,
    OAUTH_PROVIDER_NAME: client.displayName,
    OAUTH_SCOPES: client.scopes.join(' '),
    OAUTH_CODE_CHALLENGE_METHOD: 'S256',
    OAUTH_GROUP_CLAIM: client.groupsClaim,
    ENABLE_OAUTH_SIGNUP: 'true',
  }),
}
