import type { AtBrand } from '../accounts/index.ts'
import type { Provider } from '../providers/index.ts'
import type { AuthenticateContext } from './context.ts'

/** @returns the provider if the brand has it and it is enabled */
export function providerAt(
  { providers }: Pick<AuthenticateContext, 'providers'>,
  { config }: AtBrand,
  id: string,
): Provider | undefined {
  const provider = config.identityProviders.includes(id) ? providers.get(id) : undefined
  return provider?.config.enabled === true ? provider : undefined
}
