import { readOwnCookies } from '../sessions/index.ts'
import type { RouteAtHost } from './app-host.ts'
import { bindBrowser, type Binding } from './binding.ts'
import type { AuthenticateContext } from './context.ts'
import { sealHandOverRequest } from './hand-over-request.ts'
import { signInQuery } from './sign-in-query.ts'

/** Where a browser goes to sign in for a page of an app, and the cookie that ties the answer to this browser. */
export interface SignInRedirect {
  url: string
  /** A Set-Cookie value. */
  cookie: string
}

/**
 * @param route that the page belongs to: its providers are offered, and a sign-in is made as it wants it
 * @param returnTo canonical path and query to come back to
 * @param switching whether another person is to sign in than the one who is
 */
export function signInRedirect(
  context: AuthenticateContext,
  route: RouteAtHost,
  returnTo: string,
  cookieHeader: string | null | undefined,
  switching: boolean,
): SignInRedirect {
  return boundSignInRedirect(context, route, returnTo, bindBrowser(readOwnCookies(cookieHeader)), switching)
}

/** Like `signInRedirect`, for a browser whose binding is known. */
export function boundSignInRedirect(
  { config, sealer }: AuthenticateContext,
  { id, config: route, origin }: RouteAtHost,
  returnTo: string,
  binding: Binding,
  switching: boolean,
): SignInRedirect {
  const sealed = sealHandOverRequest(sealer, {
    brand: route.brand,
    route: id,
    origin,
    returnTo,
    bindingHash: binding.hash,
  })
  const url = `${config.brands[route.brand]?.url ?? ''}/sign-in${signInQuery({ sealed, switching })}`
  return { url, cookie: binding.cookie }
}
