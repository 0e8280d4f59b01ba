import type { RouteConfig } from '../config.ts'
import type { Session } from '../store/index.ts'

/**
 * Says whether a sign-in was recent and strong enough for a route (OpenID Connect Core §2: `auth_time`, `acr`). What the
 * provider did not say is not met.
 * @param now milliseconds since 1970
 */
export function meetsSignIn(
  { authentication }: Pick<Session, 'authentication'>,
  { signIn }: Pick<RouteConfig, 'signIn'>,
  now: number,
): boolean {
  if (!signIn) return true
  const { maxAgeSeconds = Infinity, acr } = signIn
  const isRecent = now - authentication.time <= maxAgeSeconds * 1_000
  return isRecent && (acr === undefined || (authentication.acr !== undefined && acr.includes(authentication.acr)))
}
