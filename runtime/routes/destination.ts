import { type CanonicalTarget, canonicalTarget, wireRefusal, type WireRefusal } from '../wire/index.ts'
import { isOwnPath } from './own-paths.ts'
import type { PathTable } from './paths.ts'

/** A host with all its routes, as far as it says which of them a request is for. */
export interface LocatedHost<Route> {
  /** Some route here has `identity.pomerium`. */
  speaksPomerium: boolean
  /** Some route here takes `%2F` and `//` in paths. */
  allowsEncodedSlash: boolean
  routes: Pick<PathTable<Route>, 'find'>
  /** Whether a path, the canonical one, could be taken for another route's or for one that is not public. */
  isAmbiguous(path: string): boolean
}

/** Where a request leads at a host: to the gateway's own endpoints, to a route, or nowhere. */
export type AtHost<Route> =
  { kind: 'own'; target: CanonicalTarget } | { kind: 'app'; site: Route; target: CanonicalTarget } | { kind: 'nothing' }

/**
 * Finds the canonical target and the route, both by the same spelling of the path, which is also what the app gets.
 * @param url the request's target
 * @returns a refusal when the target has no canonical form that its route takes
 */
export function findAtHost<Route extends { config: { allowEncodedSlash: boolean } }>(
  host: LocatedHost<Route>,
  url: string,
): AtHost<Route> | WireRefusal {
  const target = canonicalTarget(url, { allowEncodedSlash: host.allowsEncodedSlash })
  if ('code' in target) return target
  if (isOwnPath(target.path, host)) return { kind: 'own', target }
  const site = host.routes.find(target.path)
  if (!site) return { kind: 'nothing' }
  if (host.isAmbiguous(target.path)) return wireRefusal('path_ambiguous')
  if (!host.allowsEncodedSlash || site.config.allowEncodedSlash) return { kind: 'app', site, target }
  const strict = canonicalTarget(url, { allowEncodedSlash: false })
  return 'code' in strict ? strict : { kind: 'app', site, target }
}
