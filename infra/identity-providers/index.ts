import type { IdentityProviderSettings } from '../config/index.ts'
import { Auth0 } from './auth0/index.ts'
import { Entra } from './entra/index.ts'
import { Google } from './google/index.ts'
import type { IdentityProvider, ProviderContext } from './identity-provider.ts'
import { Keycloak } from './keycloak/index.ts'
import { Local } from './local/index.ts'
import { Oidc } from './oidc/index.ts'
import { Okta } from './okta/index.ts'
import { PingOne } from './pingone/index.ts'
import { PocketId } from './pocket-id/index.ts'

export type { DirectoryCredential } from './directory-credential.ts'
export type {
  ClientCredential,
  ClientRegistration,
  ClientRequest,
  IdentityProvider,
  LocalPerson,
  SecretAuthMethod,
} from './identity-provider.ts'
export { pomeriumServiceAccount } from './pomerium-service-account.ts'
export { ofRedirectUris } from './redirect-uris.ts'
export { SECRETS_AT_ONCE } from './rotation.ts'

/** Makes the provider that the settings ask for. */
export function createIdentityProvider(context: ProviderContext, settings: IdentityProviderSettings): IdentityProvider {
  switch (settings.kind) {
    case 'auth0':
      return new Auth0(context, settings)
    case 'entra':
      return new Entra(context, settings)
    case 'google':
      return new Google(context, settings)
    case 'keycloak':
      return new Keycloak(context, settings)
    case 'local':
      return new Local(context, settings)
    case 'oidc':
      return new Oidc(context, settings)
    case 'okta':
      return new Okta(context, settings)
    case 'pingone':
      return new PingOne(context, settings)
    case 'pocket-id':
      return new PocketId(context, settings)
  }
}
