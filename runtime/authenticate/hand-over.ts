import { isBoundTo } from './binding.ts'
import type { AuthenticateContext } from './context.ts'
import type { HandOverRequest } from './hand-over-request.ts'
import { Refusal } from '../refusal.ts'
import { digest, newOpaqueValue, readOwnCookies, SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import { redirect } from './redirect.ts'

/** Where an app's host takes its hand-over codes. */
export const HAND_OVER_PATH = '/.gatewright/hand-over'

/** A code is used at once, by a redirect. */
const CODE_LIFETIME_MS = 60_000

/**
 * Gives a browser that is signed in at the login host a code for the app's host that asked.
 * @returns where to send the browser; the login host's own page when the route is no longer there
 */
export async function issueHandOver(
  { config, store }: AuthenticateContext,
  sessionId: string,
  request: HandOverRequest,
): Promise<string> {
  const route = config.routes[request.route]
  if (!route) return '/'
  const code = newOpaqueValue()
  await store.insertHandOver({
    id: digest(code),
    parentId: sessionId,
    brand: request.brand,
    route: request.route,
    bindingHash: request.bindingHash,
    returnTo: request.returnTo,
    expiresAt: Date.now() + CODE_LIFETIME_MS,
  })
  return `${route.from}${HAND_OVER_PATH}?code=${code}`
}

/**
 * Takes a code at the app's host: once, in the browser that asked, for the route that asked.
 * @throws Refusal `hand_over_invalid`
 */
export async function redeemHandOver(
  { config, sessions, store }: AuthenticateContext,
  routeId: string,
  request: Request,
): Promise<Response> {
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const codes = new URL(request.url).searchParams.getAll('code')
  // HEAD would use the code up and show nobody its answer.
  const usable = codes.length === 1 && request.method === 'GET'
  const handOver = usable ? await store.takeHandOver(digest(codes[0] ?? ''), Date.now()) : undefined
  const brand = config.routes[routeId]?.brand
  if (
    !handOver ||
    handOver.route !== routeId ||
    handOver.brand !== brand ||
    !isBoundTo(cookies, handOver.bindingHash)
  ) {
    throw new Refusal('hand_over_invalid', 'the code is unknown, used, too old, or of another browser or route', {
      retry: '/',
    })
  }
  const cookie = await sessions.startAtHost(handOver.parentId, routeId, cookies.get(SESSION_COOKIE))
  // Without a parent (a second tab has signed in meanwhile) the app asks once more, and gets the new session.
  const session = cookie === undefined ? [] : [setCookie(SESSION_COOKIE, cookie, config.session.absoluteSeconds)]
  return redirect(handOver.returnTo, session)
}

/** Says whether a session may be handed to a route: same brand, and a provider that the route accepts. */
export function sessionFits({ config }: AuthenticateContext, session: Session, request: HandOverRequest): boolean {
  const route = config.routes[request.route]
  return route?.brand === session.brand && route.identityProviders.includes(session.identityProvider)
}
