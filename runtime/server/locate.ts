import { findAtHost } from '../routes/index.ts'
import { type CanonicalTarget, canonicalTarget, hostKey, type WireRefusal } from '../wire/index.ts'
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
  if (site.kind === 'app') {
    const found = findAtHost(site, url)
    return 'code' in found || found.kind === 'app' ? found : { ...found, site }
  }
  const target = canonicalTarget(url, { allowEncodedSlash: false })
  return 'code' in target ? target : { kind: 'own', site, target }
}
