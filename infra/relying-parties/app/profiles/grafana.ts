import { type AppClient, type AppProfile, USUAL } from '../profile.ts'

/**
 * Environment variables; Grafana reads no discovery document.
 * @see https://grafana.com/docs/grafana/latest/setup-grafana/configure-security/configure-authentication/generic-oauth/
 */
export const grafana: AppProfile = {
  ...USUAL,
  callbacks: (url) => [`${url}/login/generic_oauth`],
  postLogout: (url) => [`${url}/login`],
  pkce: true,
  needsEndpoints: true,
  values: (client) => ({
    GF_SERVER_ROOT_URL: client.url,
    GF_AUTH_GENERIC_OAUTH_ENABLED: 'true',
    GF_AUTH_GENERIC_OAUTH_NAME: client.displayName,
    GF_AUTH_GENERIC_OAUTH_CLIENT_ID: client.clientId,
    GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET: client.clientSecret,
    GF_AUTH_GENERIC_OAUTH_SCOPES: client.scopes.join(' '),
    GF_AUTH_GENERIC_OAUTH_AUTH_URL: client.endpoints.authorization,
    GF_AUTH_GENERIC_OAUTH_TOKEN_URL: client.endpoints.token,
    GF_AUTH_GENERIC_OAUTH_API_URL: client.endpoints.userinfo,
    GF_AUTH_GENERIC_OAUTH_AUTH_STYLE: 'InHeader',
    GF_AUTH_GENERIC_OAUTH_USE_PKCE: 'true',
    GF_AUTH_GENERIC_OAUTH_USE_REFRESH_TOKEN: String(client.scopes.includes('offline_access')),
    GF_AUTH_GENERIC_OAUTH_GROUPS_ATTRIBUTE_PATH: client.groupsClaim,
    ...grafanaSignOut(client),
  }),
}

/** Grafana adds the ID token as a hint itself. */
function grafanaSignOut({ url, endpoints }: AppClient): Record<string, string> {
  if (endpoints.endSession === '') return {}
  const back = new URLSearchParams({ post_logout_redirect_uri: `${url}/login` })
  return { GF_AUTH_GENERIC_OAUTH_SIGNOUT_REDIRECT_URL: `${endpoints.endSession}?${back.toString()}` }
}
