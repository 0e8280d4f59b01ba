import { meetsSignIn, type NewSession, readOwnCookies, SESSION_COOKIE, digest, setCookie } from '../sessions/index.ts'
import { Refusal } from '../refusal.ts'
import type { Destination } from './arrival.ts'
import type { LoginRequest } from './context.ts'
import { issueHandOver } from './hand-over.ts'
import { requestedRoute } from './hand-over-request.ts'
import { sessionFit } from './session-fit.ts'
import { deviceOf } from './who-asks.ts'

/** Where a browser goes on to, and the Set-Cookie values that it gets on the way. */
export interface Onward {
  location: string
  setCookies: readonly string[]
}

/**
 * Begins a session, in place of the one that the browser had (a new id at each sign-in), and finds out where it leads to.
 * @param session without what the request says itself
 */
export async function startSession(
  { context, brand, request, client }: LoginRequest,
  session: Omit<NewSession, 'brand' | 'device'>,
  destination: Destination,
): Promise<Onward> {
  const { config, sessions } = context
  const previous = readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE)
  const replaces = previous === undefined ? destination.replaces : digest(previous)
  const cookie = await sessions.start({ ...session, brand: brand.id, device: deviceOf(client, request) }, replaces)
  const setCookies = [setCookie(SESSION_COOKIE, cookie, config.session.absoluteSeconds)]
  const started = await sessions.find(cookie, brand.id)
  const asked = destination.request
  const route = asked && requestedRoute(config, asked)
  const fit = started && asked && sessionFit(context, started, asked)
  if (!started || !asked || fit !== 'fits') {
    // What came between took longer than the app allows: from its own page it asks once more.
    const again = fit === 'needs_sign_in' && route ? `${route.origin}${asked?.returnTo}` : undefined
    return { location: again ?? destination.next ?? '/', setCookies }
  }
  // The app's host has forgotten the browser by then; from its own page it asks anew, and is answered at once.
  const isLate = Date.now() >= asked.expiresAt
  const location =
    isLate && route ? `${route.origin}${asked.returnTo}` : await issueHandOver(context, started.id, asked)
  return { location, setCookies }
}

/**
 * A sign-in that is not as the app wants it would be asked for again, and again.
 * @throws Refusal `step_up_failed`
 */
export function requireAsWanted(
  { config }: Pick<LoginRequest['context'], 'config'>,
  session: Pick<NewSession, 'authentication'>,
  { request }: Pick<Destination, 'request'>,
): void {
  const route = request && requestedRoute(config, request)
  if (route && !meetsSignIn(session, route.config, Date.now())) {
    throw new Refusal('step_up_failed', 'the person was not signed in as the route wants it')
  }
}
