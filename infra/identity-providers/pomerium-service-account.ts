import type { DirectoryCredential } from './directory-credential.ts'

type Kind = DirectoryCredential['kind']
type Of<K extends Kind> = Extract<DirectoryCredential, { kind: K }>

/**
 * A directory credential in the form of Pomerium's `idp_service_account`: a JSON document in base64.
 *
 * Pomerium has no form for Okta's service app (it takes API tokens alone), for Pocket ID and for Keycloak. Its Azure
 * and Ping forms have no address: they mean the worldwide cloud and the .com region, and a credential of another one
 * would be sent there.
 * @returns undefined where Pomerium could not use the credential
 * @throws SyntaxError for a Google key that is no JSON
 * @see https://www.pomerium.com/docs/integrations/user-identity/identity-providers
 */
export function pomeriumServiceAccount(credential: DirectoryCredential): string | undefined {
  // The table has the function of this very kind, which its index cannot tell.
  const toAccount = accounts[credential.kind] as (credential: DirectoryCredential) => object | undefined
  const account = toAccount(credential)
  return account === undefined ? undefined : Buffer.from(JSON.stringify(account)).toString('base64')
}

const unsupported = () => undefined

const accounts: { [K in Kind]: (credential: Of<K>) => object | undefined } = {
  okta: unsupported,
  'okta-token': ({ apiToken }) => ({ api_key: apiToken }),
  entra: ({ authority, clientId, clientSecret, tenantId }) =>
    isAt(authority, 'login.microsoftonline.com')
      ? { client_id: clientId, client_secret: clientSecret, directory_id: tenantId }
      : undefined,
  auth0: ({ clientId, clientSecret }) => ({ client_id: clientId, secret: clientSecret }),
  google: ({ serviceAccountKey, impersonate }) => ({
    ...(JSON.parse(serviceAccountKey) as object),
    impersonate_user: impersonate,
  }),
  pingone: ({ apiUrl, clientId, clientSecret, environmentId }) =>
    isAt(apiUrl, 'api.pingone.com')
      ? { client_id: clientId, client_secret: clientSecret, environment_id: environmentId }
      : undefined,
  'pocket-id': unsupported,
  keycloak: unsupported,
}

function isAt(url: string, host: string): boolean {
  return URL.parse(url)?.host === host
}
