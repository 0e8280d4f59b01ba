import { type AppProfile, USUAL } from '../profile.ts'

/** Under the names that most software has for them; addresses and methods are in the stack file. */
export const other: AppProfile = {
  ...USUAL,
  callbacks: () => [],
  values: ({ issuer, clientId, clientSecret, scopes }) => ({
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_SCOPES: scopes.join(' '),
  }),
}
