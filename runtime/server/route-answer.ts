import { fixedAnswer, redirectLocation } from '../routes/index.ts'
import type { CanonicalTarget } from '../wire/index.ts'
import type { RouteSite } from './sites.ts'

/**
 * The answer of a route that asks no app: a redirect (RFC 9110 §15.4) or a fixed one.
 * @param isPrivate only people who may pass see it: no cache keeps it
 * @returns undefined where the route has none of its own
 */
export function routeAnswer(
  { config, origin }: RouteSite,
  target: CanonicalTarget,
  method: string,
  isPrivate: boolean,
): Response | undefined {
  const { action, path } = config
  const caching: Record<string, string> = isPrivate ? { 'cache-control': 'no-store' } : {}
  if (action.kind === 'redirect') {
    const location = redirectLocation(action, origin, path, target)
    return new Response(null, { status: action.status, headers: { location, ...caching } })
  }
  if (action.kind !== 'respond') return undefined
  const { status, headers, body } = fixedAnswer(action, method)
  return new Response(body, { status, headers: { 'x-content-type-options': 'nosniff', ...headers, ...caching } })
}
