import type { Session } from '../store/index.ts'

/** How recent a sign-in must be for what changes an account's security, in milliseconds. */
export const RECENT_MS = 10 * 60_000

/**
 * Whether somebody showed a credential a moment ago, as what changes an account's security wants it. Where the provider does not
 * say when (`auth_time`), the sign-in here counts: whoever only has our cookie cannot come back from there with one.
 * @param withinMs default: {@link RECENT_MS}
 */
export function isRecent(
  { authentication, createdAt }: Pick<Session, 'authentication' | 'createdAt'>,
  withinMs = RECENT_MS,
): boolean {
  return Date.now() - (authentication.time || createdAt) <= withinMs
}
