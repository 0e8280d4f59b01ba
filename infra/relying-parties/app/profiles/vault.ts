import { type AppProfile, USUAL } from '../profile.ts'

/**
 * Parameters of `auth/oidc/config`; the second callback is that of `vault login -method=oidc`, on the person's own machine.
 * @see https://developer.hashicorp.com/vault/api-docs/auth/jwt#configure and
 * https://developer.hashicorp.com/vault/docs/auth/jwt#redirect-uris
 */
export const vault: AppProfile = {
  ...USUAL,
  callbacks: (url) => [`${url}/ui/vault/auth/oidc/oidc/callback`, 'http://localhost:8250/oidc/callback'],
  values: ({ issuer, clientId, clientSecret }) => ({
    oidc_discovery_url: issuer,
    oidc_client_id: clientId,
    oidc_client_secret: clientSecret,
  }),
  beside: ({ url, scopes, groupsClaim }) => ({
    allowed_redirect_uris: vault.callbacks(url, '').join(','),
    oidc_scopes: scopes.filter((scope) => scope !== 'openid').join(','),
    user_claim: 'sub',
    groups_claim: groupsClaim,
  }),
}
