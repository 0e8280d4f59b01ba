import {
  type AppHost,
  type AuthenticateContext,
  createAppHosts,
  createLoginHost,
  hostDemands,
  mainRoute,
} from '../authenticate/index.ts'
import type { BrandConfig, ForwardConfig, RouteConfig } from '../config.ts'
import { type Identities, identityHeaderNames, type RouteIdentity } from '../identity/index.ts'
import type { RequestMetrics } from '../metrics/index.ts'
import { compilePolicy } from '../policy/index.ts'
import { createRouteForward, type PublicOrigin, publicOrigin, type RouteForward } from '../proxy/index.ts'
import {
  createHostTable,
  createPathTable,
  type HostTable,
  isWildcard,
  pathMistake,
  type PathTable,
  replacePrefix,
  routeConflicts,
} from '../routes/index.ts'
import { isOwnCookie } from '../sessions/index.ts'
import type { UpstreamGroup } from '../upstreams/index.ts'
import type { GuardedRoute } from './authorize.ts'

/** The gateway's own pages at a host. */
export interface OwnPages {
  fetch(request: Request, bindings: { requestId: string }): Response | Promise<Response>
}

export interface LoginSite {
  kind: 'login'
  origin: string
  brand: BrandConfig
  app: OwnPages
}

/** An app's host with all its routes. */
export interface AppSite extends AppHost {
  kind: 'app'
  app: OwnPages
  /** Some route here takes `%2F` and `//` in paths. */
  allowsEncodedSlash: boolean
  routes: Pick<PathTable<RouteSite>, 'find'>
}

/** A route at one host; one object for as long as the host is remembered. */
export interface RouteSite extends GuardedRoute {
  kind: 'route'
  brand: BrandConfig
  /** How requests are passed on; only a route that does so has it. */
  forward: RouteForward | undefined
  publicOrigin: PublicOrigin
  /** What its app is told about who is there. */
  identity: RouteIdentity
  metrics: RequestMetrics
  /** What the app is asked for, in place of the path that the request was matched by. */
  upstreamPath(path: string): string
}

/** What answers at one host. */
export type Site = LoginSite | AppSite

/** Every host that is answered at. */
export interface Sites {
  /** @param hostKey as `runtime/wire` spells a request's Host */
  find(hostKey: string): Site | undefined
}

/** What a route is made with. */
export interface RouteSurroundings {
  /** Tell apps who is there. */
  identities: Identities
  metricsOf: (routeId: string) => RequestMetrics
  /** Finds the servers of a route's app. */
  groupFor: (routeId: string, config: ForwardConfig) => UpstreamGroup
}

/** A route as all its hosts have it. */
type SharedRoute = Omit<RouteSite, 'origin' | 'host' | 'publicOrigin'>

/**
 * Makes the table from host to site. A wildcard's hosts get a site each when they are first asked for.
 * @param surroundings what outlives a release, or is made once for it
 * @throws PolicyError, or Error when a route belongs to no brand, cannot be where it is, or two sites claim one host
 */
export function createSites(context: AuthenticateContext, surroundings: RouteSurroundings): Sites {
  const { brands, routes } = context.config
  requirePlaces(routes)
  const logins = Object.entries(brands).map(([id, brand]) => {
    const site: LoginSite = { kind: 'login', origin: brand.url, brand, app: createLoginHost(context, id, brand) }
    return { from: brand.url, value: (): Site => site }
  })
  const pages = createAppHosts(context)
  const hosts = [...Map.groupBy(Object.entries(routes), ([, { from }]) => from)].map(([from, entries]) => {
    const shared = entries.map(([id, config]) => sharedRoute(id, config, brands, surroundings))
    const paths = createPathTable(shared.map((route) => ({ name: route.id, path: route.config.path, value: route })))
    const siteAt = (origin: string): Site => appSite(origin, shared, paths, pages)
    // Named hosts are few, and their sites are made at once, with what can be wrong about them.
    const site = isWildcard(from) ? undefined : siteAt(from)
    return { from, value: (origin: string): Site => site ?? siteAt(origin) }
  })
  return remembering(createHostTable([...logins, ...hosts]))
}

function appSite(
  origin: string,
  shared: readonly SharedRoute[],
  paths: PathTable<SharedRoute>,
  pages: ReturnType<typeof createAppHosts>,
): AppSite {
  const { host } = new URL(origin)
  const [first] = shared
  if (!first) throw new Error(`no route leads to ${origin}`)
  const configs = shared.map(({ config }) => config)
  const routes = new Map(
    shared.map((route): [SharedRoute, RouteSite] => [
      route,
      { ...route, origin, host, publicOrigin: publicOrigin(origin) },
    ]),
  )
  const routeAt = (path: string): RouteSite | undefined => {
    const route = paths.find(path)
    return route && routes.get(route)
  }
  const atHost: AppHost = {
    origin,
    brand: first.brand,
    demands: hostDemands(first.config.brand, configs),
    main: mainRoute([...routes.values()]),
    speaksPomerium: configs.some(({ identity }) => identity.pomerium),
    routeAt,
  }
  return {
    ...atHost,
    kind: 'app',
    app: { fetch: (request, bindings) => pages.fetch(request, { ...bindings, host: atHost }) },
    allowsEncodedSlash: configs.some(({ allowEncodedSlash }) => allowEncodedSlash),
    routes: { find: routeAt },
  }
}

function sharedRoute(
  id: string,
  config: RouteConfig,
  brands: Readonly<Record<string, BrandConfig>>,
  { identities, metricsOf, groupFor }: RouteSurroundings,
): SharedRoute {
  const brand = brands[config.brand]
  if (!brand) throw new Error(`route ${id} belongs to no brand`)
  const { access, action, path: match, publicPaths } = config
  const open = createPathTable(publicPaths.map(({ path }, index) => ({ name: String(index), path, value: true })))
  const prefix = action.kind === 'forward' ? action.rewrite?.prefix : undefined
  return {
    kind: 'route',
    id,
    config,
    brand,
    forward: action.kind === 'forward' ? routeForward(config, action, groupFor(id, action)) : undefined,
    policy: 'allow' in access ? compilePolicy(access.allow) : undefined,
    metrics: metricsOf(id),
    identity: identities.forRoute({ issuer: brand.url, routeId: id, identity: config.identity }),
    isPublic: 'allow' in access ? (path) => open.find(path) === true : () => true,
    upstreamPath: prefix === undefined ? (path) => path : (path) => replacePrefix(path, match, prefix),
  }
}

/** What the proxy knows of a route before its first request. */
function routeForward({ from, access, identity }: RouteConfig, action: ForwardConfig, upstreams: UpstreamGroup) {
  return createRouteForward({
    upstreams,
    publicOrigin: from,
    preserveHost: action.preserveHost,
    rewriteHost: action.rewrite?.host,
    timeouts: action.timeouts,
    limits: action.limits,
    retries: action.retries,
    identityHeaders: identityHeaderNames(identity),
    ownCookies: isOwnCookie,
    privateResponse: 'allow' in access,
    requestHeaders: action.requestHeaders,
    responseHeaders: action.responseHeaders,
  })
}

/** A site is one object for as long as its host is: what is worked out for it can be kept with it. */
function remembering(hosts: HostTable<(origin: string) => Site>): Sites {
  const sites = new WeakMap<object, Site>()
  return {
    find(hostKey) {
      const match = hosts.find(hostKey)
      if (!match) return undefined
      const known = sites.get(match)
      if (known) return known
      const site = match.value(match.origin)
      sites.set(match, site)
      return site
    },
  }
}

/** @throws Error that names the route, and what is wrong */
function requirePlaces(routes: Readonly<Record<string, RouteConfig>>): void {
  const [conflict] = routeConflicts(routes)
  if (conflict) throw new Error(`route ${conflict.route}: ${conflict.message}`)
  for (const [id, { path, publicPaths }] of Object.entries(routes)) {
    for (const match of [path, ...publicPaths.map((entry) => entry.path)]) {
      const mistake = pathMistake(match)
      if (mistake !== undefined) throw new Error(`route ${id}: ${mistake}`)
    }
  }
}
