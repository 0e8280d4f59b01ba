import { isOwnPath, looseReading } from '../routes/index.ts'
import { type CanonicalTarget, canonicalTarget, hostKey, wireRefusal, type WireRefusal } from '../wire/index.ts'
import type { AppSite, RouteSite, Site, Sites } from './sites.ts'

/** Where a request leads once the wire checks have passed: to the gateway's own endpoints at a host, to a route, or nowhere. */
export type Destination =
  | { kind: 'own'; site: Site; target: CanonicalTarget }
  | { kind: 'app'; site: RouteSite; target: CanonicalTarget }
  | { kind: 'nothing'; site: AppSite }

/**
 * Finds the site, the canonical target and the route: all by the same spelling of the path, which is also what the app gets.
 * @param host the Host header
 * @param url the request's target
 * @returns undefined for an unknown host; a refusal when the target has no canonical form that its route takes
 */
export function locate(sites: Sites, host: string, url: string): Destination | WireRefusal | undefined {
  const site = sites.find(hostKey(host) ?? '')
  if (!site) return undefined
  const target = canonicalTarget(url, { allowEncodedSlash: site.kind === 'app' && site.allowsEncodedSlash })
  if ('code' in target) return target
  if (site.kind === 'login' || isOwnPath(target.path, site)) return { kind: 'own', site, target }
  const route = site.routes.find(target.path)
  if (!route) return { kind: 'nothing', site }
  if (isAmbiguous(site, route, target.path)) return wireRefusal('path_ambiguous')
  if (!site.allowsEncodedSlash || route.config.allowEncodedSlash) return { kind: 'app', site: route, target }
  const strict = canonicalTarget(url, { allowEncodedSlash: false })
  return 'code' in strict ? strict : { kind: 'app', site: route, target }
}

/** Apps of one host are often one server: a path that it may read as another route's, or as no public one, is nobody's. */
function isAmbiguous(site: AppSite, route: RouteSite, path: string): boolean {
  const reading = looseReading(path)
  if (reading === path) return false
  return site.routes.find(reading) !== route || route.isPublic(reading) !== route.isPublic(path)
}
