import type { IdentityProviderSettings } from '../config/index.ts'
import type { IdentityProvider, ProviderContext } from './identity-provider.ts'
import { Local } from './local.ts'
import { Oidc } from './oidc.ts'

export type { ClientRegistration, ClientRequest, IdentityProvider, LocalPerson } from './identity-provider.ts'

/** Makes the provider that the settings ask for. */
export function createIdentityProvider(context: ProviderContext, settings: IdentityProviderSettings): IdentityProvider {
  switch (settings.kind) {
    case 'oidc':
      return new Oidc(context, settings)
    case 'local':
      return new Local(context, settings)
  }
}
