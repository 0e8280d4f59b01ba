import type { Hono } from 'hono'

import { type AuthenticateContext, type Bindings, createLoginHost, createRouteHost } from '../authenticate/index.ts'
import type { BrandConfig } from '../config.ts'
import { compilePolicy, describeRule } from '../policy/index.ts'
import type { Upstream } from '../proxy/index.ts'
import { originHostKeys } from '../wire/index.ts'
import type { GuardedRoute } from './authorize.ts'

type App = Hono<{ Bindings: Bindings }>

export interface LoginSite {
  kind: 'login'
  origin: string
  brand: BrandConfig
  app: App
}

export interface RouteSite extends GuardedRoute {
  kind: 'route'
  origin: string
  brand: BrandConfig
  app: App
  upstream: Upstream
  /** Who may pass, in words. */
  needs: string
}

/** What answers at one host. */
export type Site = LoginSite | RouteSite

/**
 * Makes the table from host to site.
 * @param upstreamFor connections to an origin; kept over reloads
 * @throws PolicyError, or Error when a route belongs to no brand or two sites claim one host
 */
export function createSites(
  context: AuthenticateContext,
  upstreamFor: (origin: string) => Upstream,
): Map<string, Site> {
  const { brands, routes } = context.config
  const logins = Object.entries(brands).map(([id, brand]): Site => {
    return { kind: 'login', origin: brand.url, brand, app: createLoginHost(context, id, brand) }
  })
  const apps = Object.entries(routes).map(([id, config]): Site => {
    const brand = brands[config.brand]
    if (!brand) throw new Error(`route ${id} belongs to no brand`)
    const { access, action } = config
    return {
      kind: 'route',
      id,
      origin: config.from,
      brand,
      config,
      app: createRouteHost(context, id, config),
      upstream: upstreamFor((action.kind === 'forward' ? action.upstreams[0] : undefined) ?? ''),
      policy: 'allow' in access ? compilePolicy(access.allow) : undefined,
      needs: 'allow' in access ? describeRule(access.allow) : 'nothing',
    }
  })
  const sites = new Map<string, Site>()
  for (const site of [...logins, ...apps]) {
    for (const host of originHostKeys(site.origin)) {
      if (sites.has(host)) throw new Error(`two sites claim ${host}`)
      sites.set(host, site)
    }
  }
  return sites
}
