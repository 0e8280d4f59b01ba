import { isBound, isBoundTo } from './binding.ts'
import type { AuthenticateContext } from './context.ts'
import type { RouteConfig } from '../config.ts'
import type { HandOverRequest } from './hand-over-request.ts'
import { Refusal } from '../refusal.ts'
import { digest, newOpaqueValue, readOwnCookies, SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import type { HandOver } from '../store/index.ts'
import { redirect } from './redirect.ts'
import { openReturnAddress, sealReturnAddress } from './return-address.ts'

/** Where an app's host takes its hand-over codes. */
export const HAND_OVER_PATH = '/.gatewright/hand-over'

/** A code is used at once, by a redirect. */
const CODE_LIFETIME_MS = 60_000

/**
 * Gives a browser that is signed in at the login host a code for the app's host that asked.
 * @returns where to send the browser; the login host's own page when the route is no longer there
 */
export async function issueHandOver(
  { config, sealer, store }: AuthenticateContext,
  sessionId: string,
  request: HandOverRequest,
): Promise<string> {
  const route = config.routes[request.route]
  if (!route) return '/'
  const code = newOpaqueValue()
  const id = digest(code)
  const { brand, route: routeId, bindingHash, returnTo } = request
  await store.insertHandOver({
    id,
    parentId: sessionId,
    brand,
    route: routeId,
    bindingHash,
    returnTo,
    expiresAt: Date.now() + CODE_LIFETIME_MS,
  })
  const query = new URLSearchParams({ code })
  const to = sealReturnAddress(sealer, id, { route: routeId, target: returnTo, bindingHash })
  if (to !== '') query.set('to', to)
  return `${route.from}${HAND_OVER_PATH}?${query.toString()}`
}

/**
 * Takes a code at the app's host: once, in the browser that asked, for the route that asked.
 * @throws Refusal `hand_over_invalid`, `cookies_blocked`, `sign_in_loop`
 */
export async function redeemHandOver(
  context: AuthenticateContext,
  routeId: string,
  request: Request,
): Promise<Response> {
  const { config, limits, sealer, sessions, store } = context
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const { searchParams } = new URL(request.url)
  const codes = searchParams.getAll('code')
  const id = digest(codes[0] ?? '')
  // HEAD would use the code up and show nobody its answer.
  const usable = codes.length === 1 && request.method === 'GET'
  const handOver = usable ? await store.takeHandOver(id, Date.now()) : undefined
  const route = config.routes[routeId]
  if (handOver && !isBound(cookies)) {
    throw new Refusal('cookies_blocked', 'the browser has a code and no binding cookie', { retry: '/' })
  }
  if (!route || !handOver || !isFor(handOver, routeId, route, cookies)) {
    const retry = openReturnAddress(sealer, id, searchParams.get('to'), { route: routeId, cookies })
    const reason = 'the code is unknown, used, too old, or of another browser or route'
    throw new Refusal('hand_over_invalid', reason, { retry })
  }
  const previous = cookies.get(SESSION_COOKIE)
  // Another tab was faster: what it is doing with the session that it got must not break off.
  const current = await sessions.findAtHost(previous, routeId, route)
  if (current?.id === handOver.parentId) return redirect(handOver.returnTo)
  await limits.handOverLoop(handOver)
  const cookie = await sessions.startAtHost(handOver.parentId, routeId, previous)
  // Without a parent (a second tab has signed in meanwhile) the app asks once more, and gets the new session.
  const session = cookie === undefined ? [] : [setCookie(SESSION_COOKIE, cookie, config.session.absoluteSeconds)]
  return redirect(handOver.returnTo, session)
}

function isFor(handOver: HandOver, routeId: string, { brand }: RouteConfig, cookies: ReadonlyMap<string, string>) {
  return handOver.route === routeId && handOver.brand === brand && isBoundTo(cookies, handOver.bindingHash)
}
