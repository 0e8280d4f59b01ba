import type { BrandConfig, RouteConfig } from '../config.ts'
import type { SessionDemands } from '../sessions/index.ts'

/** A route as one of its hosts has it. */
export interface RouteAtHost {
  id: string
  config: RouteConfig
  /** Of the host: for a wildcard route, of the one that was asked for. */
  origin: string
}

/** One app's host. All its routes are of one brand, and share one session. */
export interface AppHost {
  origin: string
  brand: BrandConfig
  /** What a session must be for the host's own pages; what a route wants beside that is asked there. */
  demands: SessionDemands
  /** Some route here speaks to its app as Pomerium does. */
  speaksPomerium: boolean
  /** For which people sign in at the host's own pages; a host where all is public has none. */
  main: RouteAtHost | undefined
  /** @param path the canonical one */
  routeAt: (path: string) => RouteAtHost | undefined
}

/**
 * Chooses the route that stands for a host where no path says which is meant: a protected one, the one nearest to `/`.
 * @param routes of one host
 */
export function mainRoute(routes: readonly RouteAtHost[]): RouteAtHost | undefined {
  const [nearest] = routes
    .filter(({ config }) => 'allow' in config.access)
    .toSorted((one, other) => breadth(one.config) - breadth(other.config) || (one.id < other.id ? -1 : 1))
  return nearest
}

/**
 * What a session must be to count at a host at all: signed in by a provider that one of its protected routes takes.
 * @param brand id
 * @param routes of one host
 */
export function hostDemands(brand: string, routes: readonly RouteConfig[]): SessionDemands {
  const taken = routes.flatMap(({ access, identityProviders }) => ('allow' in access ? identityProviders : []))
  return { brand, identityProviders: [...new Set(taken)] }
}

/** Prefixes before all else, and short ones first. */
function breadth({ path }: RouteConfig): number {
  return 'prefix' in path ? path.prefix.length : Number.MAX_SAFE_INTEGER
}
