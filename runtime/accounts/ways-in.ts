import type { BrandConfig, IdentityProviderConfig } from '../config.ts'
import { isInDomains, type Provider } from '../providers/index.ts'
import type { AccountWithCredentials, Identity } from '../store/index.ts'
import type { WayIn } from './contract.ts'

/** The providers of a release. */
export type KnownProviders = ReadonlyMap<string, Pick<Provider, 'isIssuer'> & { config: WayProvider }>
type WayProvider = Pick<IdentityProviderConfig, 'name' | 'enabled' | 'allowedDomains'>

type WayBrand = Pick<BrandConfig, 'identityProviders' | 'password' | 'passkeys'>

/**
 * By what an account's person could sign in, and what of it works by now: a provider may be disabled, have left the brand, moved to another
 * issuer, or take other domains; passwords and passkeys may be off. A password is worth nothing without an address to go with it, and
 * one for emergencies is no way of every day.
 */
export function waysIn(
  brand: WayBrand,
  providers: KnownProviders,
  { account, identities, passkeys }: AccountWithCredentials,
): readonly WayIn[] {
  const byIdentity = identities.map((identity): WayIn => ({
    kind: 'identity',
    usable: isUsable(brand, providers, identity),
    identity,
  }))
  const isPasswordUsable = brand.password === 'on' && account.email !== ''
  const byPassword: WayIn[] = account.passwordHash === undefined ? [] : [{ kind: 'password', usable: isPasswordUsable }]
  const byPasskey = passkeys.map((passkey): WayIn => ({ kind: 'passkey', usable: brand.passkeys, passkey }))
  return [...byIdentity, ...byPassword, ...byPasskey]
}

/** Whether somebody can still sign in when one way is taken away: a way that does not work now does not count. */
export function isAnyLeft(ways: readonly WayIn[], without: (way: WayIn) => boolean): boolean {
  return ways.some((way) => way.usable && !without(way))
}

function isUsable(brand: WayBrand, providers: KnownProviders, { identityProvider, issuer, email }: Identity): boolean {
  const provider = providers.get(identityProvider)
  return (
    provider?.config.enabled === true &&
    brand.identityProviders.includes(identityProvider) &&
    provider.isIssuer(issuer) &&
    isInDomains(email, provider.config)
  )
}
