import { isBound, isBoundTo } from './binding.ts'
import type { AuthenticateContext } from './context.ts'
import type { AppHost } from './app-host.ts'
import { type HandOverRequest, requestedRoute } from './hand-over-request.ts'
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
  const route = requestedRoute(config, request)
  if (!route) return '/'
  const code = newOpaqueValue()
  const id = digest(code)
  const { brand, origin, bindingHash, returnTo } = request
  await store.insertHandOver({
    id,
    parentId: sessionId,
    brand,
    origin,
    bindingHash,
    returnTo,
    expiresAt: Date.now() + CODE_LIFETIME_MS,
  })
  const query = new URLSearchParams({ code })
  const to = sealReturnAddress(sealer, id, { origin, target: returnTo, bindingHash })
  if (to !== '') query.set('to', to)
  return `${origin}${HAND_OVER_PATH}?${query.toString()}`
}

/**
 * Takes a code at the app's host: once, in the browser that asked, at the host that asked.
 * @throws Refusal `hand_over_invalid`, `cookies_blocked`, `sign_in_loop`
 */
export async function redeemHandOver(context: AuthenticateContext, host: AppHost, request: Request): Promise<Response> {
  const { config, limits, sealer, sessions, store } = context
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const { searchParams } = new URL(request.url)
  const codes = searchParams.getAll('code')
  const id = digest(codes[0] ?? '')
  // HEAD would use the code up and show nobody its answer.
  const usable = codes.length === 1 && request.method === 'GET'
  const handOver = usable ? await store.takeHandOver(id, Date.now()) : undefined
  if (handOver && !isBound(cookies)) {
    throw new Refusal('cookies_blocked', 'the browser has a code and no binding cookie', { retry: '/' })
  }
  if (!handOver || !isFor(handOver, host, cookies)) {
    const retry = openReturnAddress(sealer, id, searchParams.get('to'), { origin: host.origin, cookies })
    const reason = 'the code is unknown, used, too old, or of another browser or host'
    throw new Refusal('hand_over_invalid', reason, { retry })
  }
  const previous = cookies.get(SESSION_COOKIE)
  // Another tab was faster: what it is doing with the session that it got must not break off.
  const current = await sessions.findAtHost(previous, host.origin, host.demands)
  if (current?.id === handOver.parentId) return redirect(handOver.returnTo)
  await limits.handOverLoop(handOver)
  const cookie = await sessions.startAtHost(handOver.parentId, host.origin, previous)
  // Without a parent (a second tab has signed in meanwhile) the app asks once more, and gets the new session.
  const session = cookie === undefined ? [] : [setCookie(SESSION_COOKIE, cookie, config.session.absoluteSeconds)]
  return redirect(handOver.returnTo, session)
}

function isFor(handOver: HandOver, { origin, demands }: AppHost, cookies: ReadonlyMap<string, string>) {
  return handOver.origin === origin && handOver.brand === demands.brand && isBoundTo(cookies, handOver.bindingHash)
}
