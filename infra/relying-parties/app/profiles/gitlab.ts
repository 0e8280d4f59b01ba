import { type AppProfile, USUAL } from '../profile.ts'

/**
 * The file of a provider, as the Helm chart takes it from a Secret; the same map stands in `omniauth_providers` of gitlab.rb.
 * Its value is JSON, which YAML 1.2 reads as it is.
 * @see https://docs.gitlab.com/administration/auth/oidc/
 */
export const gitlab: AppProfile = {
  ...USUAL,
  callbacks: (url) => [`${url}/users/auth/openid_connect/callback`],
  pkce: true,
  values: (client) => ({
    provider: JSON.stringify({
      name: 'openid_connect',
      label: client.displayName,
      args: {
        name: 'openid_connect',
        scope: client.scopes,
        response_type: 'code',
        issuer: client.issuer,
        discovery: true,
        client_auth_method: 'basic',
        uid_field: 'sub',
        send_scope_to_token_endpoint: false,
        pkce: true,
        client_options: {
          identifier: client.clientId,
          secret: client.clientSecret,
          redirect_uri: `${client.url}/users/auth/openid_connect/callback`,
        },
      },
    }),
  }),
}
