import { OWN_ACCOUNTS } from '../../runtime/config.ts'
import type { Brand, BrandInput } from './brand.ts'

/** What the stack file says of login hosts. */
export interface BrandParts {
  url?: string | undefined
  name: string
  brands: Readonly<Record<string, BrandInput>>
  /** Login hosts of brands that are not among `brands`, because something is wrong with them. */
  brandUrls?: readonly string[]
  /** Names of all of the stack, in its order. */
  identityProviders: readonly string[]
}

/** The brand that `url` and `name` of the stack are, where no other is at that address. */
export const DEFAULT_BRAND = 'default'

/**
 * Fills in what brands leave out. `url` and `name` of the stack are the brand `default`, unless a brand says that very `url`.
 * @returns by id; without a brand whose address nobody has said
 */
export function resolveBrands(parts: BrandParts): Record<string, Brand> {
  const { brands, url, name } = parts
  const isNamed =
    url === undefined || [...Object.values(brands).map((brand) => brand.url), ...(parts.brandUrls ?? [])].includes(url)
  const all = isNamed || Object.hasOwn(brands, DEFAULT_BRAND) ? brands : { ...brands, [DEFAULT_BRAND]: PLAIN }
  return Object.fromEntries(
    Object.entries(all).flatMap(([id, brand]) => {
      const own = id === DEFAULT_BRAND ? { url: brand.url ?? url, name: brand.name ?? name } : brand
      if (own.url === undefined) return []
      const resolved: Brand = {
        ...brand,
        url: own.url,
        name: own.name ?? name,
        identityProviders: brand.identityProviders ?? [...parts.identityProviders],
        passkeys: brand.passkeys ?? brand.password !== 'off',
      }
      return [[id, resolved]]
    }),
  )
}

/**
 * The login host that the stack is called after at vendors, and that is asked for first where a client has room for one
 * address. A brand that is added must not change it, so that of several one has to be said.
 * @returns undefined where nobody can tell
 */
export function homeUrl(url: string | undefined, brands: Readonly<Record<string, Brand>>): string | undefined {
  if (url !== undefined) return url
  const [only, ...others] = Object.values(brands)
  return brands[DEFAULT_BRAND]?.url ?? (others.length === 0 ? only?.url : undefined)
}

/** @returns the brand of a route or an account that names none: the only one there is, or none */
export function onlyBrand(brands: Readonly<Record<string, unknown>>): string | undefined {
  const [only, ...others] = Object.keys(brands)
  return others.length === 0 ? only : undefined
}

/** Whether people of a brand may sign in by something of the gateway's own. */
function hasOwnWays({ password, passkeys }: Pick<Brand, 'password' | 'passkeys'>): boolean {
  return password !== 'off' || passkeys
}

/** By what people of a brand may come in: its providers, and `accounts` for the gateway's own. */
export function waysIn(brand: Pick<Brand, 'identityProviders' | 'password' | 'passkeys'>): string[] {
  return hasOwnWays(brand) ? [...brand.identityProviders, OWN_ACCOUNTS] : brand.identityProviders
}

/** A brand of which nothing is said. */
const PLAIN: BrandInput = { password: 'off', identityFirst: false, autoRedirect: true, links: [] }
