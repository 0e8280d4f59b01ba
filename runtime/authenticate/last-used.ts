import { setCookie } from '../sessions/index.ts'

/** Names the way by which somebody last signed in with this browser; it says nothing about who they are. */
const LAST_USED_COOKIE = '__Host-gatewright-last-used'
const LIFETIME_SECONDS = 365 * 24 * 60 * 60

/** @param identityProvider id of the provider; not of own accounts, whose form stands first anyway */
export function keepLastUsed(identityProvider: string): string {
  return setCookie(LAST_USED_COOKIE, identityProvider, LIFETIME_SECONDS)
}

/** @param cookies our cookies that the browser sent; @returns anything, to be compared with what is offered */
export function readLastUsed(cookies: ReadonlyMap<string, string>): string | undefined {
  return cookies.get(LAST_USED_COOKIE)
}
