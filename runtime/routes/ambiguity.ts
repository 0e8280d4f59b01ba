import type { RouteConfig } from '../config.ts'
import { createFoldedTable, type FoldedTable, isFolded } from './folded-table.ts'
import { createPathTable, type PathTable } from './paths.ts'
import type { PublicConfig } from './public-paths.ts'
import { foldedReading, hasFoldedReading, looseReading } from './reading.ts'

/** What of a route decides whether a path may be taken for one of its. */
export interface HostRoute {
  id: string
  config: PublicConfig &
    Pick<RouteConfig, 'path' | 'identityProviders' | 'signIn' | 'bearer' | 'corsPreflight'> & {
      action: { kind: RouteConfig['action']['kind']; status?: number }
    }
  /** As `createPublicPaths` makes it. */
  isPublic(path: string): boolean
}

/** The routes of one host. */
export interface RouteTable<R extends HostRoute> extends PathTable<R> {
  /** The same for paths in another spelling; undefined where the spelling makes no difference. */
  readonly spellings: Spellings<R> | undefined
}

/** @throws Error for a pattern that is not RE2, or two routes of one exact path or prefix */
export function createRouteTable<R extends HostRoute>(routes: readonly R[]): RouteTable<R> {
  const table = createPathTable(routes.map((route) => ({ name: route.id, path: route.config.path, value: route })))
  return { find: (path) => table.find(path), spellings: spellingMatters(routes) ? new Spellings(routes) : undefined }
}

/**
 * Whether a less careful server could take a path for another route's, or for one that is not public. Apps of one host are
 * often one server: such a path is nobody's. It costs nothing but two looks at a path that has one reading alone.
 * @param path canonical
 */
export function isAmbiguous<R extends HostRoute>(table: RouteTable<R>, path: string): boolean {
  const loose = looseReading(path)
  if (loose !== path) {
    const route = table.find(path)
    if (table.find(loose) !== route || route?.isPublic(loose) !== route?.isPublic(path)) return true
  }
  const { spellings } = table
  if (spellings === undefined || (!spellings.always && !hasFoldedReading(loose))) return false
  const route = table.find(path)
  return route !== undefined && spellings.leadsPast(route, path, foldedReading(loose))
}

/** What a host's routes are to whoever reads paths in other spellings. */
class Spellings<R extends HostRoute> {
  /** Some route has its path in another spelling than the folded one: that of a request says nothing then. */
  readonly always: boolean
  readonly #routes: readonly R[]
  /** Made when they are first needed, which they never are at most hosts. */
  #table: FoldedTable<R> | undefined
  readonly #publicPaths = new Map<R, FoldedTable<true>>()

  constructor(routes: readonly R[]) {
    this.#routes = routes
    this.always = routes.some(({ config }) => !isFolded(config.path))
  }

  /** Whether who asks a route for a path may get what another one guards, or what is not public. */
  leadsPast(route: R, path: string, reading: string): boolean {
    if (!reachesApp(route)) return false
    const hasSlash = path.endsWith('/')
    this.#table ??= createFoldedTable(this.#routes.map((value) => ({ name: value.id, path: value.config.path, value })))
    const others = this.#table.find(reading, hasSlash)
    if (!others.includes(route)) return others.some((other) => guards(other, reading, route, path))
    return 'allow' in route.config.access && route.isPublic(path) && !this.#isPublic(route, reading, hasSlash)
  }

  #isPublic(route: R, reading: string, hasSlash: boolean): boolean {
    let open = this.#publicPaths.get(route)
    if (open === undefined) {
      const { publicPaths } = route.config
      open = createFoldedTable(publicPaths.map(({ path }, index) => ({ name: String(index), path, value: true })))
      this.#publicPaths.set(route, open)
    }
    return open.find(reading, hasSlash).length > 0
  }
}

/** Not at most hosts: one route without public paths, or several that are for the same people. */
function spellingMatters(routes: readonly HostRoute[]): boolean {
  if (routes.some((route) => route.config.publicPaths.length > 0 || isClosed(route))) return true
  return routes.length > 1 && new Set(routes.map(demands)).size > 1
}

/** Whether a route keeps somebody from its path whom the other one lets through. */
function guards(other: HostRoute, reading: string, route: HostRoute, path: string): boolean {
  if (isClosed(other)) return true
  if (other.isPublic(reading)) return false
  // `/docs` that is sent on to `/docs/`: nothing is behind it.
  if (other.config.action.kind === 'redirect' && path === `${reading}/`) return false
  return route.isPublic(path) || demands(other) !== demands(route)
}

/** A redirect and a fixed answer read no path. */
function reachesApp({ config: { action } }: HostRoute): boolean {
  return action.kind === 'forward' || action.kind === 'forward_auth'
}

/** Some answer a path with 404 so that nobody gets at it. */
function isClosed({ config: { action } }: HostRoute): boolean {
  return action.kind === 'respond' && action.status !== undefined && action.status >= 400
}

/** Equal for routes that let the same requests pass. */
function demands({ config }: HostRoute): string {
  const { access, identityProviders, signIn, bearer, corsPreflight } = config
  const rule = 'allow' in access ? access.allow : undefined
  return JSON.stringify([rule, identityProviders, signIn, bearer, corsPreflight])
}
