import { Hono } from 'hono'

import type { RouteConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import { bindBrowser } from './binding.ts'
import type { AuthenticateContext, Bindings } from './context.ts'
import { HAND_OVER_PATH, redeemHandOver } from './hand-over.ts'
import { sealHandOverRequest } from './hand-over-request.ts'
import { redirect } from './redirect.ts'
import { signInQuery } from './sign-in.ts'
import { SIGN_OUT_PATH, signOut } from './sign-out.ts'

/** Paths below this one, on every app's host, are the gateway's and never the app's. */
export const OWN_PATH_PREFIX = '/.gatewright/'

/** The gateway's own endpoints at an app's host. */
export function createRouteHost(
  context: AuthenticateContext,
  routeId: string,
  route: RouteConfig,
): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>()
  const brand = context.config.brands[route.brand]
  app.onError((error) => {
    throw error
  })
  app.notFound(() => {
    throw new Refusal('not_found', 'no such page of the gateway')
  })
  if (!brand) return app
  app.get(HAND_OVER_PATH, (c) => redeemHandOver(context, routeId, c.req.raw))
  app.get(SIGN_OUT_PATH, () => redirect(`${brand.url}/sign-out`))
  app.post(SIGN_OUT_PATH, async (c) => {
    const cookie = readOwnCookies(c.req.header('cookie')).get(SESSION_COOKIE)
    const session = await context.sessions.findAtHost(cookie, routeId, route)
    return signOut(context, brand, session, c.req.raw, route.from)
  })
  return app
}

/** Where a browser goes to sign in for a page of an app, and the cookie that ties the answer to this browser. */
export interface SignInRedirect {
  url: string
  /** A Set-Cookie value. */
  cookie: string
}

/**
 * @param returnTo canonical path and query to come back to
 * @param switching whether another person is to sign in than the one who is
 */
export function signInRedirect(
  { config, sealer }: AuthenticateContext,
  routeId: string,
  route: RouteConfig,
  returnTo: string,
  cookieHeader: string | undefined,
  switching: boolean,
): SignInRedirect {
  const binding = bindBrowser(readOwnCookies(cookieHeader))
  const sealed = sealHandOverRequest(sealer, {
    brand: route.brand,
    route: routeId,
    returnTo,
    bindingHash: binding.hash,
  })
  const url = `${config.brands[route.brand]?.url ?? ''}/sign-in${signInQuery(sealed, switching)}`
  return { url, cookie: binding.cookie }
}
