import { isLoopbackHost } from '../../runtime/net/index.ts'
import { coversOrigin, hostKeysOf, isOwnPath, routeConflicts } from '../../runtime/routes/index.ts'
import { checkAccepted, checkMembership } from './brand-checks.ts'
import type { Brand } from './brand.ts'
import { onlyBrand, waysIn } from './brands.ts'
import { checkRuleClaims } from './claim-checks.ts'
import { pathMatch, saidPaths } from './paths.ts'
import type { Report } from './problems.ts'
import { checkIdentity } from './identity-checks.ts'
import type { RouteSettings, StackParts } from './schema.ts'
import { UPSTREAM_FIELDS } from './upstream.ts'

/** What answers a request of a route; there is exactly one. */
const ACTIONS = ['to', 'redirect', 'respond', 'forwardAuth'] as const

/** Login hosts, resolved. */
type Brands = Readonly<Record<string, Brand>>

const OWN = 'the gateway answers there itself'

/** What lies between routes, and between the fields of one. */
export function checkRoutes(stack: StackParts, brands: Brands, report: Report): void {
  checkPlaces(stack, brands, report)
  for (const [id, route] of Object.entries(stack.routes)) {
    const path = ['routes', id]
    const at: Report = (field, message) => report([...path, ...field], message)
    const brandId = route.brand ?? onlyBrand(brands)
    const brand = brandId === undefined ? undefined : brands[brandId]
    const accepted = route.identityProviders ?? brand?.identityProviders ?? stack.names.identityProviders
    checkMembership(brands, stack.names.brands, route.brand, at)
    checkAccess(stack, brands, route, at)
    checkAction(route, at)
    checkPublicPaths(route, at)
    checkRuleClaims(stack, { rule: route.allow, accepted, of: 'this route' }, (_, message) => at(['allow'], message))
    checkIdentity(stack, route, accepted, at)
    checkLoops(stack, brands, route, at)
    if (route.forwardAuth && !stack.names.others.includes('forwardAuth')) {
      at(['forwardAuth'], 'the proxy that asks has to show a secret: set forwardAuth.secret of the stack')
    }
  }
}

/** Two answers to one request. */
function checkPlaces({ routes }: StackParts, brands: Brands, report: Report): void {
  const placed = Object.fromEntries(
    Object.entries(routes).map(([id, route]) => [
      id,
      { brand: route.brand ?? onlyBrand(brands) ?? '', from: route.from, path: pathMatch(route) },
    ]),
  )
  for (const { route: id, field, message } of routeConflicts(placed)) {
    const route = routes[id]
    const said = (['path', 'pattern', 'prefix'] as const).find((name) => route?.[name] !== undefined)
    report(['routes', id, field === 'path' ? (said ?? 'from') : field], message)
  }
  checkOwnPaths(routes, report)
  const logins = new Map(
    Object.entries(brands).flatMap(([id, { url }]) => hostKeysOf(url).map((key) => [key, id] as const)),
  )
  const isOne = onlyBrand(brands) !== undefined
  for (const [id, { from }] of Object.entries(routes)) {
    const brand = hostKeysOf(from)
      .map((key) => logins.get(key))
      .find((found) => found !== undefined)
    if (brand === undefined) continue
    report(['routes', id, 'from'], `${from} is already used by ${isOne ? 'url' : `the login host of ${brand}`}`)
  }
}

/** Nobody would ever get there: the gateway answers itself. A pattern is not asked, for it has other paths besides. */
function checkOwnPaths(routes: StackParts['routes'], report: Report): void {
  const pomerium = new Set(Object.values(routes).flatMap(({ from, identity }) => (identity?.pomerium ? [from] : [])))
  for (const [id, { from, path, prefix }] of Object.entries(routes)) {
    const host = { speaksPomerium: pomerium.has(from) }
    if (path !== undefined && isOwnPath(path, host)) report(['routes', id, 'path'], OWN)
    if (prefix !== undefined && isOwnPath(`${prefix}/`, host)) report(['routes', id, 'prefix'], OWN)
  }
}

function checkAccess(stack: StackParts, brands: Brands, route: RouteSettings, report: Report): void {
  if ((route.allow === undefined) === (route.public === undefined)) {
    report([], 'say who may pass: either allow (a rule) or public (the reason why everybody may)')
  }
  const id = route.brand ?? onlyBrand(brands)
  const brand = id === undefined ? undefined : brands[id]
  const at = id === undefined || brand === undefined ? undefined : { id, brand }
  checkAccepted(stack, at, route.identityProviders ?? [], report)
  if (route.allow !== undefined && brand && waysIn(brand).length === 0) {
    report(['allow'], 'nobody can sign in: there is no identity provider')
  }
}

function checkAction(route: RouteSettings, report: Report): void {
  const [action, ...others] = ACTIONS.filter((name) => route[name] !== undefined)
  if (action === undefined || others.length > 0) {
    const found = action === undefined ? '' : `, not ${[action, ...others].join(' and ')}`
    report([], `say what answers: one of to, redirect, respond and forwardAuth${found}`)
    return
  }
  if (action !== 'to') {
    const useless = [...UPSTREAM_FIELDS, ...(route.corsPreflight ? ['corsPreflight' as const] : [])]
    for (const name of useless) {
      if (route[name] !== undefined) report([name], `is of no use with ${action}: nothing is passed on (to)`)
    }
  }
  const prefixed = route.path === undefined && route.pattern === undefined
  if (route.rewrite?.prefix !== undefined && !prefixed) {
    report(['rewrite', 'prefix'], 'takes the place of the route’s prefix, and this route has none')
  }
  if (route.redirect?.prefix !== undefined && !prefixed) {
    report(['redirect', 'prefix'], 'takes the place of the route’s prefix, and this route has none')
  }
  checkTls(route, report)
}

function checkTls({ to = [], tls, preserveHost, rewrite }: RouteSettings, report: Report): void {
  const schemes = new Set(to.map((server) => new URL(server).protocol))
  if (schemes.size > 1) report(['to'], 'all servers of a route speak TLS, or none does')
  if (tls && !schemes.has('https:')) report(['tls'], 'is of no use without TLS: write https:// in to')
  if (preserveHost && rewrite?.host !== undefined) {
    report(['preserveHost'], 'the app sees one host: either the public one or rewrite.host')
  }
}

/** A path that the route does not have would be closed while it reads as open. */
function checkPublicPaths(route: RouteSettings, report: Report): void {
  if (route.public !== undefined && route.publicPaths.length > 0) {
    report(['publicPaths'], 'everything is public here already')
  }
  const [seen, own] = [new Set<string>(), pathMatch(route)]
  route.publicPaths.forEach((entry, index) => {
    const match = pathMatch(entry)
    const text = JSON.stringify(match)
    if (seen.has(text)) report(['publicPaths', index], 'is there already')
    seen.add(text)
    if (saidPaths(entry) === 1 && !('pattern' in match) && !hasPath(own, Object.values(match)[0] as string)) {
      report(['publicPaths', index], 'this path is not one of the route')
    }
  })
}

/** Undecided for patterns, which are not asked. */
function hasPath(match: ReturnType<typeof pathMatch>, path: string): boolean {
  if ('pattern' in match) return true
  if ('exact' in match) return match.exact === path
  return match.prefix === '/' || path === match.prefix || path.startsWith(`${match.prefix}/`)
}

function checkLoops(stack: StackParts, brands: Brands, route: RouteSettings, report: Report): void {
  route.to?.forEach((server, index) => {
    if (isGateway(stack, brands, server)) {
      const place = route.to?.length === 1 ? ['to'] : ['to', index]
      report(place, 'this is the gateway itself: requests would go round in circles')
    }
  })
  const { redirect } = route
  if (!redirect || (redirect.to !== undefined && !coversOrigin(route.from, redirect.to))) return
  const own = pathMatch(route)
  const path = redirect.path ?? redirect.prefix ?? ('prefix' in own ? own.prefix : undefined)
  if (path !== undefined && !('pattern' in own) && hasPath(own, path)) {
    report(['redirect'], 'leads to an address of this very route: browsers would go round in circles')
  }
}

/** Whether requests for an origin come back to this very gateway. */
function isGateway({ routes, target }: StackParts, brands: Brands, to: string): boolean {
  const { hostname, port } = new URL(to)
  const listens = target?.kind === 'process' && isLoopbackHost(hostname) && port === String(target.listen.port)
  return (
    listens ||
    Object.values(brands).some(({ url }) => to === url) ||
    Object.values(routes).some((route) => coversOrigin(route.from, to))
  )
}
