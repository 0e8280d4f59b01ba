import { type BrandConfig, OWN_ACCOUNTS, type RouteConfig, type RuntimeConfig } from '../config.ts'
import { isInDomains } from '../providers/index.ts'
import { type HandOverRequest, requestedRoute } from './hand-over-request.ts'

/** The ways to sign in that a page offers. */
export interface Offer {
  /** Ids, in the order in which they are offered. */
  identityProviders: readonly string[]
  password: boolean
  passkeys: boolean
}

/**
 * What a brand offers for a route: its providers that are enabled and that the route takes, and its own accounts where the
 * route takes those. Break-glass is on no page.
 * @param route left out where the sign-in is for no app
 */
export function offerOf(
  { identityProviders: known }: Pick<RuntimeConfig, 'identityProviders'>,
  brand: Pick<BrandConfig, 'identityProviders' | 'password' | 'passkeys'>,
  route?: Pick<RouteConfig, 'identityProviders'>,
): Offer {
  const isTaken = (id: string): boolean => route === undefined || route.identityProviders.includes(id)
  return {
    identityProviders: brand.identityProviders.filter((id) => isTaken(id) && known[id]?.enabled === true),
    password: brand.password === 'on' && isTaken(OWN_ACCOUNTS),
    passkeys: brand.passkeys && isTaken(OWN_ACCOUNTS),
  }
}

/** The same for the app that asks, where one does. */
export function offerFor(
  config: Pick<RuntimeConfig, 'identityProviders' | 'routes'>,
  brand: BrandConfig,
  request: HandOverRequest | undefined,
): Offer {
  return offerOf(config, brand, request && requestedRoute(config, request)?.config)
}

/** @returns the one provider, where that is the only way in */
export function onlyProvider({ identityProviders, password, passkeys }: Offer): string | undefined {
  return identityProviders.length === 1 && !password && !passkeys ? identityProviders[0] : undefined
}

/**
 * The provider that signs in the people of an address's domain. It is told by the configuration alone: whether there is an
 * account with the address is nobody's business.
 * @param email in its one spelling
 */
export function providerOfAddress(
  { identityProviders: known }: Pick<RuntimeConfig, 'identityProviders'>,
  { identityProviders }: Pick<Offer, 'identityProviders'>,
  email: string,
): string | undefined {
  return identityProviders.find((id) => {
    const provider = known[id]
    return provider !== undefined && provider.allowedDomains.length > 0 && isInDomains(email, provider)
  })
}

/** The one that was used last stands first. */
export function lastUsedFirst(ids: readonly string[], lastUsed: string | undefined): readonly string[] {
  return lastUsed !== undefined && ids.includes(lastUsed) ? [lastUsed, ...ids.filter((id) => id !== lastUsed)] : ids
}
