import { LRUCache } from 'lru-cache'

/** The routes of one host, each made when it is first asked for. */
export interface RoutesAtHost<Shared, Site> {
  get(route: Shared): Site | undefined
  set(route: Shared, site: Site): void
}

/**
 * Makes places for the routes of many hosts, bounded together: those are forgotten first that nobody asked for the longest. A
 * bound for each host would be none, since whoever asks for hosts below a wildcard can make up as many as they like.
 * @param max routes that are remembered at all hosts together
 */
export function rememberedRoutes<Shared, Site extends object>(max: number): () => RoutesAtHost<Shared, Site> {
  const used = new LRUCache<Site, () => void>({ max, dispose: (forget) => forget() })
  return () => {
    const made = new Map<Shared, Site>()
    return {
      get(route) {
        const site = made.get(route)
        if (site) used.get(site)
        return site
      },
      set(route, site) {
        made.set(route, site)
        used.set(site, () => made.delete(route))
      },
    }
  }
}
