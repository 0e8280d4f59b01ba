import type { Finding } from './finding.ts'
import { judge } from './finding.ts'
import { heirsBetween } from './heirs.ts'
import { judgeHeirs, judgeHost } from './inheritance.ts'
import { pairs } from './pairs.ts'
import { field, texts } from './plain.ts'
import { mapsIn } from './program-rules.ts'
import { PROVIDER_RULES, type ProviderSide } from './provider-rules.ts'
import type { StackView } from './reading.ts'
import { ROUTE_RULES, type RouteSide } from './route-rules.ts'
import { asksForPresence, readsAddress } from './rule.ts'
import { STACK_RULES, type StackSide } from './stack-rules.ts'

/** Everybody who gains or loses access by a change of the stack: routes first, then providers, then the whole, by name. */
export function compareAccess(before: StackView, after: StackView): Finding[] {
  const [former, present] = [routeSides(before), routeSides(after)]
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
  const stack = judge(STACK_RULES, { kind: 'stack', id: '', routes: [] }, stackSide(before), stackSide(after))
  return [...routes, ...providers, ...stack]
}

function chosen<T>(all: ReadonlyMap<string, T>, ids: readonly string[]): Map<string, T> {
  return new Map([...all].filter(([id]) => ids.includes(id)))
}

function routeSides(stack: StackView): Map<string, RouteSide> {
  const all = [...stack.identityProviders.keys()]
  const accounts = [...mapsIn(stack.settings.get('serviceAccounts'))]
  return new Map(
    [...stack.routes].map(([id, settings]) => {
      const serviceAccounts = accounts.filter(([, account]) => texts(field(account, 'routes')).includes(id))
      const identityProviders = settings.identityProviders ?? all
      return [id, { settings, identityProviders, serviceAccounts: serviceAccounts.map(([name]) => name) }]
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
  return { url, settings, routesByAddress: byAddress.map(([id]) => id).toSorted() }
}
