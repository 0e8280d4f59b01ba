import type { IdentityProviderConfig } from '../../config.ts'
import type { Provider } from '../../providers/index.ts'
import { notHere, type Visit } from '../visit.ts'
import type { ProviderAtBrand } from './settings.ts'

/** One of the brand's providers, also a disabled one. @throws Refusal `not_found` for those of other brands as well */
export function findProvider({ context, brand }: Visit, id: string): ProviderAtBrand & { runs: Provider } {
  const { identityProviders, registrations } = context.config
  const provider: IdentityProviderConfig | undefined = brand.config.identityProviders.includes(id)
    ? identityProviders[id]
    : undefined
  const runs = context.providers.get(id)
  if (!provider || !runs) throw notHere()
  return {
    id,
    provider,
    runs,
    registrations: registrations[id] ?? [],
    loginUrl: brand.config.url,
    logoHref: `/logo/${id}`,
  }
}
