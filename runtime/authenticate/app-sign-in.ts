import { Refusal } from '../refusal.ts'
import { canonicalTarget } from '../wire/index.ts'
import type { AppHost } from './app-host.ts'
import type { AuthenticateContext } from './context.ts'
import { redirect } from './redirect.ts'
import { signInRedirect } from './sign-in-redirect.ts'

/**
 * Where an app's host sends a browser to sign in when another proxy stands in front: that proxy cannot set the binding
 * cookie for us.
 */
export const SIGN_IN_PATH = '/.gatewright/sign-in'

/** The path and query of this host to come back to. */
export const RETURN_PARAMETER = 'return'

/**
 * Begins a sign-in for a page of this host. It is as harmless as opening that page: nothing but an address of this very
 * host, in its one spelling, is ever returned to.
 * @throws Refusal `request_malformed`, and `not_found` for an address where nobody has to sign in
 */
export function beginSignIn(context: AuthenticateContext, host: AppHost, request: Request): Response {
  const values = new URL(request.url).searchParams.getAll(RETURN_PARAMETER)
  const target = canonicalTarget(values[0] ?? '', { allowEncodedSlash: true })
  if ('code' in target || values.length !== 1) {
    throw new Refusal('request_malformed', 'this is no address to come back to')
  }
  const route = host.routeAt(target.path)
  if (!route || 'public' in route.config.access) throw new Refusal('not_found', 'nobody has to sign in there')
  const { url, cookie } = signInRedirect(
    context,
    route,
    target.path + target.query,
    request.headers.get('cookie'),
    false,
  )
  return redirect(url, [cookie])
}
