import { waysIn } from '../config/index.ts'
import type { Pair } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { changedFields, isSame, oneLine, type Plain, type PlainMap } from './plain.ts'
import type { BrandView, Route, StackView } from './reading.ts'

/** A brand in two versions of a stack. */
export interface BrandPair extends Pair<BrandView> {
  /** Its name in the version before. */
  former: string
}

/**
 * What either version has, paired by name; one that is called otherwise from now on is known again by its login host.
 * @returns pairs in alphabetical order, under the name that is to be
 */
export function brandPairs(before: StackView, after: StackView): BrandPair[] {
  const gone = [...before.brands].filter(([id]) => !after.brands.has(id))
  const present = [...after.brands].map(([id, brand]) => {
    const renamed = before.brands.has(id) ? undefined : gone.find(([, { url }]) => url === brand.url)?.[0]
    const former = renamed ?? id
    return { id, former, before: before.brands.get(former), after: brand }
  })
  const taken = new Set(present.map(({ former }) => former))
  const removed = gone
    .filter(([id]) => !taken.has(id))
    .map(([id, brand]) => ({ id, former: id, before: brand, after: undefined }))
  return [...present, ...removed].toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** By what people may come in at a route: providers, and `accounts` for the gateway's own. */
export function acceptedAt({ brands }: Pick<StackView, 'brands'>, route: Route): string[] {
  const brand = brands.get(route.brand)
  return route.identityProviders ?? (brand ? waysIn(brand) : [])
}

/**
 * Brands that come, go or change, a phrase each. A stack of one brand has its settings without a name in front.
 * @param lasting providers that both versions have: one that comes or goes is told elsewhere
 */
export function compareBrand(
  { id, former, before, after }: BrandPair,
  { isOnly, lasting }: { isOnly: boolean; lasting: readonly string[] },
): Phrase[] {
  if (!before && after)
    return isOnly ? [say`url is now ${after.url}`] : [say`brand ${id} is added: people sign in at ${after.url}`]
  if (before && !after)
    return isOnly
      ? [say`url is gone; it was ${before.url}`]
      : [say`brand ${id} is removed: nobody signs in at ${before.url} any more`]
  if (!before || !after) return []
  const renamed =
    former === id ? [] : [say`brand ${former} is called ${id} from now on: who is signed in there signs in again`]
  const where = isOnly ? say`` : say`brand ${id}: `
  const offers = [before, after].map(({ identityProviders }) =>
    identityProviders.filter((name) => lasting.includes(name)).toSorted(),
  )
  return [
    ...renamed,
    ...changedFields(plain(before), plain(after))
      .filter((name) => name !== 'identityProviders' || !isSame(offers[0], offers[1]))
      .map((name) => say`${where}${describe(name, plain(before)[name], plain(after)[name])}`),
  ]
}

/** A brand has no secret, and nothing but texts, lists and maps. */
export function plain(brand: BrandView): PlainMap {
  return brand as unknown as PlainMap
}

function describe(name: string, before: Plain, after: Plain): Phrase {
  if (before === undefined) return say`${name} is now ${oneLine(after)}`
  if (after === undefined) return say`${name} is gone; it was ${oneLine(before)}`
  return say`${name} from ${oneLine(before)} to ${oneLine(after)}`
}
