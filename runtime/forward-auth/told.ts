import { foldName } from '../header-names/index.ts'
import type { Header } from '../identity/index.ts'
import { withoutOwnCookies } from '../proxy/index.ts'
import { isOwnCookie } from '../sessions/index.ts'
import type { ReceivedRequest } from '../wire/index.ts'

/**
 * What the app is to be sent in place of what the client sent: every header that may say who is there, empty where we say
 * nothing by it, so that a proxy that copies them leaves none of the client's; and those that may hold a secret of ours.
 * @param names every identity header of the route, in lower case
 * @param identity what is said of who is there
 * @param consumedHeaders of the client's, lower case: ours, and not for the app
 */
export function toldToApp(
  { headers }: Pick<ReceivedRequest, 'headers'>,
  names: readonly string[],
  identity: readonly Header[],
  consumedHeaders: readonly string[],
): Record<string, string> {
  const { authorization = '', cookie = '' } = headers
  const told: Record<string, string> = {
    authorization: consumedHeaders.includes('authorization') ? '' : authorization,
    cookie: withoutOwnCookies(cookie, isOwnCookie) ?? '',
  }
  // The bearer of an app that is told by it is never the client's.
  for (const name of names) told[name] = ''
  for (const [name, value] of identity) told[name.toLowerCase()] = value
  return told
}

/**
 * Finds a header that an app may take for one of ours though it is spelled otherwise (`X_Gatewright_Assertion`): the proxy in
 * front replaces the exact names alone (CVE-2025-64484, CVE-2026-88011).
 * @param names every identity header of the route, in lower case
 */
export function hasLookAlike({ rawHeaders }: Pick<ReceivedRequest, 'rawHeaders'>, names: readonly string[]): boolean {
  const exact = new Set([...names, 'authorization', 'cookie'])
  const folded = new Set([...exact].map(foldName))
  return rawHeaders.some((text, index) => {
    const name = index % 2 === 0 ? text.toLowerCase() : ''
    return name !== '' && !exact.has(name) && folded.has(foldName(name))
  })
}
