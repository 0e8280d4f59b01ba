import { type AppProfile, USUAL } from '../profile.ts'

/**
 * A Secret that `argocd-cm` refers to; without the label Argo CD does not look into it.
 * Its value is JSON, which YAML 1.2 reads as it is.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/#existing-oidc-provider
 */
export const argoCd: AppProfile = {
  ...USUAL,
  callbacks: (url) => [`${url}/auth/callback`],
  labels: { 'app.kubernetes.io/part-of': 'argocd' },
  values: ({ issuer, clientId, clientSecret }) => ({ issuer, clientID: clientId, clientSecret }),
  beside: ({ url, displayName, scopes, issuer, clientId }, secret) => ({
    url,
    'oidc.config': JSON.stringify({
      name: displayName,
      issuer,
      clientID: clientId,
      clientSecret: `$${secret === undefined ? '' : `${secret}:`}clientSecret`,
      requestedScopes: scopes,
    }),
  }),
}
