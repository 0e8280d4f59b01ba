import { BRAND_RULES, type BrandSide } from './brand-rules.ts'
import { acceptedAt, type BrandPair, brandPairs } from './brands.ts'
import { type Finding, judge, type Subject } from './finding.ts'
import { heirsBetween } from './heirs.ts'
import { judgeHeirs, judgeHost } from './inheritance.ts'
import { pairs } from './pairs.ts'
import { field, texts } from './plain.ts'
import { textOf } from './provider-fields.ts'
import { mapsIn } from './program-rules.ts'
import { PROVIDER_RULES } from './provider-rules.ts'
import type { ProviderSide } from './provider-sides.ts'
import type { BrandView, StackView } from './reading.ts'
import { ROUTE_RULES, type RouteSide } from './route-rules.ts'
import { type PartySide, RELYING_PARTY_RULES } from './relying-party-rules.ts'
import { asksForPresence, readsAddress } from './rule.ts'
import { STACK_RULES, type StackSide } from './stack-rules.ts'

/** Everybody who gains or loses access by a change of the stack: routes, providers, relying parties, then the whole, by name. */
export function compareAccess(before: StackView, after: StackView): Finding[] {
  const brands = brandPairs(before, after)
  const names = new Map(brands.map(({ former, id }) => [former, id]))
  const [former, present] = [routeSides(before, names), routeSides(after)]
  const heirs = heirsBetween(before.routes, after.routes)
  const routes = pairs(former, present).flatMap((pair) => [
    ...judge(ROUTE_RULES, { kind: 'route', id: pair.id, routes: [] }, pair.before, pair.after),
    ...(pair.before ? judgeHeirs(pair.id, pair.before, chosen(present, heirs.of(pair.id))) : []),
    ...(pair.before ? judgeHost(pair.id, pair.before, chosen(present, heirs.beside(pair.id))) : []),
  ])
  const providers = pairs(providerSides(before), providerSides(after)).flatMap((pair) => {
    const taking = [...new Set([...routesOf(before, pair.id), ...routesOf(after, pair.id)])].toSorted()
    return judge(PROVIDER_RULES, { kind: 'identityProvider', id: pair.id, routes: taking }, pair.before, pair.after)
  })
  const parties = pairs(partySides(before), partySides(after)).flatMap(({ id, before: old, after: now }) =>
    judge(RELYING_PARTY_RULES, { kind: 'relyingParty', id, routes: [] }, old, now),
  )
  const stack = [...judgeBrands(brands, before, after), ...judgeStack(before, after)]
  return [...routes, ...providers, ...parties, ...stack]
}

function judgeStack(before: StackView, after: StackView): Finding[] {
  return judge(STACK_RULES, { kind: 'stack', id: '', routes: [] }, stackSide(before), stackSide(after))
}

/** A stack that comes or goes as a whole is told by its routes; the only brand of a stack is the stack. */
function judgeBrands(brands: readonly BrandPair[], before: StackView, after: StackView): Finding[] {
  if (before.url === undefined || after.url === undefined) return []
  const lastingProviders = [...after.identityProviders.keys()].filter((id) => before.identityProviders.has(id))
  const side = (settings: BrandView | undefined): BrandSide | undefined => settings && { settings, lastingProviders }
  const isOnly = brands.length === 1
  return brands.flatMap((pair) => {
    const subject: Subject = { kind: isOnly ? 'stack' : 'brand', id: isOnly ? '' : pair.id, routes: [] }
    return judge(BRAND_RULES, subject, side(pair.before), side(pair.after))
  })
}

function chosen<T>(all: ReadonlyMap<string, T>, ids: readonly string[]): Map<string, T> {
  return new Map([...all].filter(([id]) => ids.includes(id)))
}

/** @param names of brands that are called otherwise from now on */
function routeSides(stack: StackView, names: ReadonlyMap<string, string> = new Map()): Map<string, RouteSide> {
  const accounts = [...mapsIn(stack.settings.get('serviceAccounts'))]
  return new Map(
    [...stack.routes].map(([id, settings]) => {
      const serviceAccounts = accounts.filter(([, account]) => texts(field(account, 'routes')).includes(id))
      const identityProviders = acceptedAt(stack, settings)
      const brand = names.get(settings.brand) ?? settings.brand
      return [
        id,
        { settings: { ...settings, brand }, identityProviders, serviceAccounts: serviceAccounts.map(([name]) => name) },
      ]
    }),
  )
}

function providerSides(stack: StackView): Map<string, ProviderSide> {
  return new Map(
    [...stack.identityProviders].map(([id, settings]) => {
      const rules = routesOf(stack, id).map((route) => stack.routes.get(route)?.allow ?? '')
      return [id, { settings, rulesAskForPresence: rules.every(asksForPresence) }]
    }),
  )
}

function partySides({ relyingParties, identityProviders }: StackView): Map<string, PartySide> {
  return new Map(
    [...relyingParties].map(([id, party]) => {
      const provider = identityProviders.get(textOf(party.settings, 'identityProvider') ?? '') ?? {}
      return [id, { ...party, provider }]
    }),
  )
}

/** Routes where it matters who a provider signs in: those that take its people, and are not public. */
function routesOf(stack: StackView, provider: string): string[] {
  return [...routeSides(stack)]
    .filter(
      ([, { settings, identityProviders }]) => settings.allow !== undefined && identityProviders.includes(provider),
    )
    .map(([id]) => id)
}

function stackSide({ url, routes, settings }: StackView): StackSide | undefined {
  if (url === undefined) return undefined
  const byAddress = [...routes].filter(([, { allow }]) => allow !== undefined && readsAddress(allow))
  return { settings, routesByAddress: byAddress.map(([id]) => id).toSorted() }
}
