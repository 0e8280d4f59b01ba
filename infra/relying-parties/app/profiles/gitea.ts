import { type AppProfile, discoveryUrl, USUAL } from '../profile.ts'

/**
 * The keys that the Helm charts of Gitea and Forgejo take from a Secret (`existingSecret`), and the rest of the source,
 * whose name is part of the callback.
 * @see https://docs.gitea.com/administration/authentication and https://gitea.com/gitea/helm-gitea#oauth2-settings
 */
export const gitea: AppProfile = {
  ...USUAL,
  callbacks: (url, source) => [`${url}/user/oauth2/${source}/callback`],
  values: ({ clientId, clientSecret }) => ({ key: clientId, secret: clientSecret }),
  beside: ({ source, issuer, scopes, groupsClaim }, secret) => ({
    name: source,
    provider: 'openidConnect',
    ...(secret === undefined ? {} : { existingSecret: secret }),
    autoDiscoverUrl: discoveryUrl(issuer),
    scopes: scopes.join(' '),
    groupClaimName: groupsClaim,
  }),
}
