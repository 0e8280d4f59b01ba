import type { RouteConfig } from '../config.ts'
import type { Policy } from '../policy/index.ts'
import { readOwnCookies, SESSION_COOKIE, type Sessions } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'

/** A route with its rule, ready to be asked; `policy` is missing on public routes alone. */
export interface GuardedRoute {
  id: string
  config: RouteConfig
  policy: Policy | undefined
}

/** Whether a request may pass, and as whom. */
export type Authorization =
  | { outcome: 'public' }
  | { outcome: 'allowed'; session: Session }
  | { outcome: 'sign_in_required' }
  | { outcome: 'access_denied'; session: Session; reason: 'rule_false' | 'rule_error' }

/**
 * The one place that lets requests and WebSockets through.
 * @param find the session behind the cookie: `Sessions.findAtHost`, or `peekAtHost` where nobody uses it just now
 * @param request `path` is the canonical one
 */
export async function authorize(
  find: Sessions['findAtHost'],
  route: GuardedRoute,
  request: { method: string; path: string; cookie: string | undefined },
): Promise<Authorization> {
  if (!route.policy) return { outcome: 'public' }
  const cookie = readOwnCookies(request.cookie).get(SESSION_COOKIE)
  const session = await find(cookie, route.id, route.config)
  if (!session) return { outcome: 'sign_in_required' }
  const { id, email, name, groups } = session.person
  const decision = route.policy.decide({
    user: { id, email, name, groups, provider: session.identityProvider },
    request: { method: request.method, path: request.path, host: new URL(route.config.from).host },
  })
  return decision.allowed
    ? { outcome: 'allowed', session }
    : { outcome: 'access_denied', session, reason: decision.reason }
}
