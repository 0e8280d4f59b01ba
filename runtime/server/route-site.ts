import type { BrandConfig, ForwardConfig, RouteConfig } from '../config.ts'
import { type Identities, identityHeaderNames, type RouteIdentity } from '../identity/index.ts'
import type { RequestMetrics } from '../metrics/index.ts'
import { compilePolicy, type Policy } from '../policy/index.ts'
import {
  createRouteForward,
  type ForwardParts,
  type PublicOrigin,
  type RouteForward,
  type RouteForwardOptions,
  sharedForwardParts,
} from '../proxy/index.ts'
import { createPublicPaths, replacePrefix } from '../routes/index.ts'
import { isOwnCookie } from '../sessions/index.ts'
import type { UpstreamGroup } from '../upstreams/index.ts'
import type { GuardedRoute } from './authorize.ts'

/** A route at one host; one object for as long as it is remembered. */
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

/** What a route is made with. */
export interface RouteSurroundings {
  /** Tell apps who is there. */
  identities: Identities
  metricsOf: (routeId: string) => RequestMetrics
  /** Finds the servers of a route's app. */
  groupFor: (routeId: string, config: ForwardConfig) => UpstreamGroup
}

/** A route as all its hosts have it. */
export type SharedRoute = Omit<RouteSite, 'origin' | 'host' | 'publicOrigin'>

/**
 * Makes what a route is at all its hosts.
 * @throws PolicyError, or Error when the route belongs to no brand or wants what it cannot have
 */
export function sharedRoute(
  id: string,
  config: RouteConfig,
  brands: Readonly<Record<string, BrandConfig>>,
  { identities, metricsOf, groupFor }: RouteSurroundings,
  { policyFor, forwards }: SharedParts,
): SharedRoute {
  const brand = brands[config.brand]
  if (!brand) throw new Error(`route ${id} belongs to no brand`)
  const { access, action, path: match } = config
  const prefix = action.kind === 'forward' ? action.rewrite?.prefix : undefined
  return {
    kind: 'route',
    id,
    config,
    brand,
    forward: action.kind === 'forward' ? routeForward(config, action, groupFor(id, action), forwards) : undefined,
    policy: 'allow' in access ? policyFor(access.allow) : undefined,
    metrics: metricsOf(id),
    identity: identities.forRoute({ issuer: brand.url, routeId: id, identity: config.identity }),
    isPublic: createPublicPaths(config),
    upstreamPath: prefix === undefined ? asItIs : (path) => replacePrefix(path, match, prefix),
  }
}

const asItIs = (path: string): string => path

/** What the proxy knows of a route before its first request. */
function routeForward(
  { from, access, identity }: RouteConfig,
  action: ForwardConfig,
  upstreams: UpstreamGroup,
  parts: ForwardParts,
): RouteForward {
  const options: RouteForwardOptions = {
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
  }
  return createRouteForward(options, parts)
}

/** What many routes have in common, made once: it takes more memory than all else of a route. */
export interface SharedParts {
  /** @throws PolicyError */
  policyFor: (expression: string) => Policy
  forwards: ForwardParts
}

/** Makes the parts that the routes of one release share. */
export function sharedParts(): SharedParts {
  const policies = new Map<string, Policy>()
  return {
    policyFor(expression) {
      const policy = policies.get(expression) ?? compilePolicy(expression)
      policies.set(expression, policy)
      return policy
    },
    forwards: sharedForwardParts(),
  }
}
