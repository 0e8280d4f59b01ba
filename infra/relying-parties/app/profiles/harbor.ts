import { type AppProfile, USUAL } from '../profile.ts'

/**
 * One environment variable of its core, which sets the whole sign-in and shows it as read-only.
 * @see https://goharbor.io/docs/latest/administration/configure-authentication/oidc-auth/ and
 * https://goharbor.io/docs/latest/install-config/configure-system-settings-cli/
 */
export const harbor: AppProfile = {
  ...USUAL,
  callbacks: (url) => [`${url}/c/oidc/callback`],
  values: (client) => ({
    CONFIG_OVERWRITE_JSON: JSON.stringify({
      auth_mode: 'oidc_auth',
      oidc_name: client.displayName,
      oidc_endpoint: client.issuer,
      oidc_client_id: client.clientId,
      oidc_client_secret: client.clientSecret,
      oidc_scope: client.scopes.join(','),
      oidc_groups_claim: client.groupsClaim,
      oidc_verify_cert: true,
    }),
  }),
}
