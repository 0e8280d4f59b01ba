import type { IdentityProviderSettings } from '../config/index.ts'
import type { IdentityProvider, ProviderContext } from './identity-provider.ts'
import { Local } from './local.ts'
import { Oidc } from './oidc.ts'

export type { ClientRegistration, ClientRequest, IdentityProvider, LocalPerson } from './identity-provider.ts'

/** Makes the provider that the settings ask for. */
export function createIdentityProvider(context: ProviderContext, settings: IdentityProviderSettings): IdentityProvider {
  return settings.kind === 'oidc' ? new Oidc(context, settings) : new Local(context, settings)
}
