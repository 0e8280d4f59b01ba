import type { RouteConfig } from '../config.ts'
import { readOwnCookies } from '../sessions/index.ts'
import { bindBrowser, type Binding } from './binding.ts'
import type { AuthenticateContext } from './context.ts'
import { sealHandOverRequest } from './hand-over-request.ts'
import { signInQuery } from './sign-in.ts'

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
  context: AuthenticateContext,
  routeId: string,
  route: RouteConfig,
  returnTo: string,
  cookieHeader: string | null | undefined,
  switching: boolean,
): SignInRedirect {
  return boundSignInRedirect(context, routeId, route, returnTo, bindBrowser(readOwnCookies(cookieHeader)), switching)
}

/** Like `signInRedirect`, for a browser whose binding is known. */
export function boundSignInRedirect(
  { config, sealer }: AuthenticateContext,
  routeId: string,
  route: RouteConfig,
  returnTo: string,
  binding: Binding,
  switching: boolean,
): SignInRedirect {
  const sealed = sealHandOverRequest(sealer, {
    brand: route.brand,
    route: routeId,
    returnTo,
    bindingHash: binding.hash,
  })
  const url = `${config.brands[route.brand]?.url ?? ''}/sign-in${signInQuery(sealed, switching)}`
  return { url, cookie: binding.cookie }
}
