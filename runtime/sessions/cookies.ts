/**
 * All our cookies begin like this. `__Host-` makes a browser tie them to one host, and `Secure` with it
 * (RFC 6265bis §4.1.3.2); no sibling host can set or read them.
 */
export const COOKIE_PREFIX = '__Host-gatewright'

const LOWER_PREFIX = COOKIE_PREFIX.toLowerCase()

/** Names the session: at the login host the parent, at an app's host its child. */
export const SESSION_COOKIE = `${COOKIE_PREFIX}-session`

/** Ties a hand-over to the browser that asked for it. */
export const BINDING_COOKIE_PREFIX = `${COOKIE_PREFIX}-binding-`

/** A sign-in under way; one cookie each, so that two tabs do not disturb each other. */
export const TRANSACTION_COOKIE_PREFIX = `${COOKIE_PREFIX}-sign-in-`

/** Like that, for providers that answer by a form of theirs: the only cookie of ours that comes along with another site's POST. */
export const POSTED_TRANSACTION_COOKIE_PREFIX = `${COOKIE_PREFIX}-posted-sign-in-`

/** Says whether a cookie is ours, and so never an upstream's to read or set. */
export function isOwnCookie(name: string): boolean {
  const trimmed = name.trim()
  return trimmed.slice(0, COOKIE_PREFIX.length).toLowerCase() === LOWER_PREFIX
}

/**
 * Reads our cookies; anything malformed is passed over, and a name that is sent twice counts as not sent.
 * @param header the Cookie header's value
 */
export function readOwnCookies(header: string | null | undefined): Map<string, string> {
  const found = new Map<string, string>()
  const twice = new Set<string>()
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals).trim()
    if (equals < 1 || !name.startsWith(COOKIE_PREFIX)) continue
    if (found.has(name)) twice.add(name)
    found.set(name, pair.slice(equals + 1).trim())
  }
  for (const name of twice) found.delete(name)
  return found
}

/**
 * Reads the session cookie alone, as `readOwnCookies` would: this one is read for every request.
 * @param header the Cookie header's value
 */
export function readSessionCookie(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const at = header.indexOf(SESSION_COOKIE)
  if (at === -1) return undefined
  const begins = at === 0 || (header[at - 1] === ' ' && header[at - 2] === ';')
  const equals = at + SESSION_COOKIE.length
  // Anything unusual is read slowly: a blank more, a longer name, a second one.
  if (!begins || header[equals] !== '=' || header.includes(SESSION_COOKIE, equals)) {
    return readOwnCookies(header).get(SESSION_COOKIE)
  }
  const end = header.indexOf(';', equals)
  return header.slice(equals + 1, end === -1 ? undefined : end).trim()
}

/**
 * @param maxAgeSeconds 0 removes the cookie
 * @param sameSite `None` only for what another site's POST has to bring along (RFC 6265bis §5.6.7)
 * @returns the value of a Set-Cookie header
 */
export function setCookie(
  name: string,
  value: string,
  maxAgeSeconds: number,
  sameSite: 'Lax' | 'None' = 'Lax',
): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=${sameSite}`
}
