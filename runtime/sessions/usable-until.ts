import type { RouteConfig } from '../config.ts'
import type { Session } from '../store/index.ts'
import { type LifetimeConfig, lifetimesOf } from './lifetimes.ts'

/** A use is noted at most this often, so that reading does not write; milliseconds. */
const LONGEST_TOUCH_INTERVAL_MS = 5 * 60_000

/** While a session is being refreshed it is looked at so often, in milliseconds. */
const UNDER_REFRESH_MS = 1_000

/**
 * How long a use need not be noted again.
 * @param idleMs after which the session ends unused: the note may lag by an eighth of that
 */
export function touchIntervalMs(idleMs: number): number {
  return Math.min(LONGEST_TOUCH_INTERVAL_MS, idleMs / 8)
}

/**
 * Until when a session that was just found usable at a route needs no other look, as long as nobody changes or ends it:
 * nothing that depends on time alone becomes due before.
 * @param now when it was found, milliseconds since 1970
 * @returns milliseconds since 1970
 */
export function usableUntil(
  session: Pick<
    Session,
    'brand' | 'identityProvider' | 'createdAt' | 'seenAt' | 'expiresAt' | 'refresh' | 'authentication'
  >,
  { signIn }: Pick<RouteConfig, 'signIn'>,
  config: LifetimeConfig,
  now: number,
): number {
  const { idleMs, absoluteMs } = lifetimesOf(config, session)
  const ends = [session.expiresAt, session.createdAt + absoluteMs, session.seenAt + touchIntervalMs(idleMs)]
  if (session.refresh) {
    const { dueAt, failsAt } = session.refresh
    ends.push(dueAt > now ? dueAt : now + UNDER_REFRESH_MS, failsAt)
  }
  if (signIn?.maxAgeSeconds !== undefined) ends.push(session.authentication.time + signIn.maxAgeSeconds * 1_000)
  return Math.min(...ends)
}
