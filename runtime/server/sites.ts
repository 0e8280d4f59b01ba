import { ACCOUNT_PATH, createAccountPages } from '../account-pages/index.ts'
import { ADMIN_PATH, createAdmin } from '../admin/index.ts'
import {
  type AppHost,
  type AuthenticateContext,
  type Bindings,
  createAppHosts,
  createLoginHost,
  hostDemands,
  mainRoute,
} from '../authenticate/index.ts'
import type { BrandConfig, RouteConfig } from '../config.ts'
import { publicOrigin } from '../proxy/index.ts'
import {
  createHostTable,
  createRouteTable,
  type HostTable,
  isAmbiguous,
  isWildcard,
  pathMistake,
  type PathTable,
  routeConflicts,
  type RouteTable,
} from '../routes/index.ts'
import { rememberedRoutes, type RoutesAtHost } from './remembered-routes.ts'
import { type RouteSite, type RouteSurroundings, type SharedRoute, sharedParts, sharedRoute } from './route-site.ts'

export type { RouteSite, RouteSurroundings } from './route-site.ts'

/** The gateway's own pages at a host. */
export interface OwnPages {
  fetch(request: Request, bindings: Bindings): Response | Promise<Response>
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
  /** Whether a path, the canonical one, could be taken for another route's or for one that is not public. */
  isAmbiguous: (path: string) => boolean
}

/** What answers at one host. */
export type Site = LoginSite | AppSite

/** Every host that is answered at. */
export interface Sites {
  /** @param hostKey as `runtime/wire` spells a request's Host */
  find(hostKey: string): Site | undefined
}

/** What is the same at every host of one `from`. */
interface SharedHost extends Pick<AppHost, 'brand' | 'demands' | 'speaksPomerium'> {
  main: SharedRoute | undefined
  allowsEncodedSlash: boolean
  table: RouteTable<SharedRoute>
  isAmbiguous: (path: string) => boolean
  pages: ReturnType<typeof createAppHosts>
}

/** Makes the site of a host, or of each host below a wildcard, when somebody first asks for it: most of many lie idle. */
interface AppSites {
  kind: 'apps'
  at: (origin: string) => AppSite
}

/** Routes at hosts below wildcards that are remembered, all of a release together. */
const MAX_WILDCARD_ROUTES = 16_384

/**
 * Makes the table from host to site. Hosts get a site each when they are first asked for, and below a wildcard routes when these
 * are.
 * @param surroundings what outlives a release, or is made once for it
 * @throws PolicyError, or Error when a route belongs to no brand, cannot be where it is, or two sites claim one host
 */
export function createSites(
  context: AuthenticateContext,
  surroundings: RouteSurroundings & { generation: string },
): Sites {
  const { brands, routes } = context.config
  requirePlaces(routes)
  const logins = Object.entries(brands).map(([id, brand]): { from: string; value: LoginSite | AppSites } => {
    const value: LoginSite = {
      kind: 'login',
      origin: brand.url,
      brand,
      app: createLoginHost(context, id, brand)
        .route(ACCOUNT_PATH, createAccountPages(context, id, brand))
        .route(ADMIN_PATH, createAdmin(context, id, brand, surroundings.generation)),
    }
    return { from: brand.url, value }
  })
  const pages = createAppHosts(context)
  const parts = sharedParts()
  const below = rememberedRoutes<SharedRoute, RouteSite>(MAX_WILDCARD_ROUTES)
  const hosts = [...Map.groupBy(Object.entries(routes), ([, { from }]) => from)].map(([from, entries]) => {
    const shared = entries.map(([id, config]) => sharedRoute(id, config, brands, surroundings, parts))
    let host: SharedHost | undefined
    const at = (origin: string): AppSite => {
      host ??= sharedHost(from, shared, pages)
      return appSite(origin, host, isWildcard(from) ? below : () => new Map())
    }
    return { from, value: { kind: 'apps', at } satisfies AppSites }
  })
  return remembering(createHostTable([...logins, ...hosts]))
}

function sharedHost(from: string, routes: readonly SharedRoute[], pages: SharedHost['pages']): SharedHost {
  const [first] = routes
  if (!first) throw new Error(`no route leads to ${from}`)
  const configs = routes.map(({ config }) => config)
  const main = mainRoute(routes.map(({ id, config }) => ({ id, config, origin: from })))
  const table = createRouteTable(routes)
  return {
    brand: first.brand,
    demands: hostDemands(first.config.brand, configs),
    main: routes.find(({ id }) => id === main?.id),
    speaksPomerium: configs.some(({ identity }) => identity.pomerium),
    allowsEncodedSlash: configs.some(({ allowEncodedSlash }) => allowEncodedSlash),
    table,
    isAmbiguous: (path) => isAmbiguous(table, path),
    pages,
  }
}

/** @param routesAtHost gives a place for what is made of the host's routes */
function appSite(origin: string, host: SharedHost, routesAtHost: () => RoutesAtHost<SharedRoute, RouteSite>): AppSite {
  const { brand, demands, main, speaksPomerium, allowsEncodedSlash, table, pages } = host
  const atHost = { origin, host: new URL(origin).host, publicOrigin: publicOrigin(origin) }
  const made = routesAtHost()
  const routeAt = (path: string): RouteSite | undefined => {
    const route = table.find(path)
    if (!route) return undefined
    const known = made.get(route)
    if (known) return known
    const site = { ...route, ...atHost }
    made.set(route, site)
    return site
  }
  const site: AppSite = {
    kind: 'app',
    origin,
    brand,
    demands,
    speaksPomerium,
    main: main && { id: main.id, config: main.config, origin },
    routeAt,
    app: { fetch: (request, bindings) => pages.fetch(request, { ...bindings, host: site }) },
    allowsEncodedSlash,
    routes: { find: routeAt },
    isAmbiguous: host.isAmbiguous,
  }
  return site
}

/** A site is one object for as long as its host is: what is worked out for it can be kept with it. */
function remembering(hosts: HostTable<LoginSite | AppSites>): Sites {
  const sites = new WeakMap<object, Site>()
  return {
    find(hostKey) {
      const match = hosts.find(hostKey)
      if (match?.value.kind !== 'apps') return match?.value
      const known = sites.get(match)
      if (known) return known
      const site = match.value.at(match.origin)
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
