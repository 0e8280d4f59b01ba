import { randomBytes } from 'node:crypto'

import { BINDING_COOKIE_PREFIX, digest, setCookie } from '../sessions/index.ts'

/** As long as the way through a sign-in may take, with a mail that is waited for an hour in it. */
const LIFETIME_SECONDS = 85 * 60

/** Ties a step of a sign-in to the browser that takes it, by a cookie that only that browser has. */
export interface Binding {
  hash: string
  /** A Set-Cookie value. */
  cookie: string
}

/**
 * Takes a binding that the browser has, or makes one. Each has a cookie of its own name: tabs that a browser opens at once
 * all come without one, and the last to be answered must not void the others.
 * @param cookies our cookies that the browser sent
 */
export function bindBrowser(cookies: ReadonlyMap<string, string>): Binding {
  const existing = bindings(cookies)[0]
  const value = existing ?? randomBytes(16).toString('base64url')
  const hash = digest(value)
  return { hash, cookie: setCookie(BINDING_COOKIE_PREFIX + hash.slice(0, 6), value, LIFETIME_SECONDS) }
}

/** Says whether this is the browser that a hand-over is for. */
export function isBoundTo(cookies: ReadonlyMap<string, string>, hash: string): boolean {
  return bindings(cookies).some((value) => digest(value) === hash)
}

/** Says whether the browser keeps bindings at all: one that asked for a hand-over has been given one. */
export function isBound(cookies: ReadonlyMap<string, string>): boolean {
  return bindings(cookies).length > 0
}

/**
 * Says whether a browser that comes back from signing in keeps no cookies: each way there sets one that lives longer than
 * the way back takes. (It may as well be another browser, or a day later: the page names all three.)
 * @param cookies our cookies that the browser sent
 */
export function keepsNoCookies(cookies: ReadonlyMap<string, string>): boolean {
  return cookies.size === 0
}

function bindings(cookies: ReadonlyMap<string, string>): string[] {
  return [...cookies].filter(([name]) => name.startsWith(BINDING_COOKIE_PREFIX)).map(([, value]) => value)
}
