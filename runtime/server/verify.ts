import { RETURN_PARAMETER, SIGN_IN_PATH } from '../authenticate/index.ts'
import { hasLookAlike, originalRequest, type OriginalRequest, type Question, toldToApp } from '../forward-auth/index.ts'
import { identityHeaderNames } from '../identity/index.ts'
import { websocketOriginAllowed } from '../proxy/index.ts'
import { Refusal } from '../refusal.ts'
import type { PlainAnswer } from '../wire/index.ts'
import { accessRequest } from './access-request.ts'
import { admit, admitAtOnce } from './admission.ts'
import { asRefusal, type Exchange, logRefusal } from './exchange.ts'
import { locate } from './locate.ts'
import { refusalResponse } from './refusal-response.ts'
import { wantsPage } from './respond.ts'
import type { RouteSite } from './sites.ts'

/** What the proxy that asks is answered; the body is always empty. */
interface Verdict {
  status: number
  headers: Record<string, string>
}

/**
 * Answers a proxy that asks whether a request may pass, by the same rules as if the request had come here: 200 with what
 * the app is told, 401, 403, or 302 to sign in.
 */
export async function verify(exchange: Exchange, question: Question): Promise<void> {
  const { status, headers } = await decide(exchange, question).catch((error: unknown) => refused(exchange, error))
  const response: PlainAnswer = exchange.response
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { ...headers, 'cache-control': 'no-store', 'content-length': '0' })
  response.end('')
}

/** @throws Refusal, and the store's own error */
async function decide(exchange: Exchange, question: Question): Promise<Verdict> {
  const { request, release } = exchange
  const original = originalRequest(question, request)
  if ('problem' in original) throw new Refusal('request_malformed', original.problem)
  const { route, path } = find(exchange, original)
  exchange.count(route.metrics)
  exchange.route = route.id
  const names = identityHeaderNames(route.config.identity)
  if (hasLookAlike(request, names)) throw new Refusal('request_malformed', 'a header looks like one of ours')
  const { headers } = request
  const access = accessRequest({ method: original.method, headers }, path, exchange.ip)
  const admission = admitAtOnce(release, route, access) ?? (await admit(release, route, access))
  if (admission.outcome === 'sign_in_required') return unauthorized(exchange, question, original, route)
  if (admission.outcome === 'access_denied') {
    exchange.person = admission.subject.id
    throw new Refusal('access_denied', `${admission.reason} at ${route.id}`)
  }
  const { identity, consumedHeaders, person } = admission
  exchange.person = person
  // As for WebSockets that come here: who shows a token is no browser.
  const byToken = person !== undefined && consumedHeaders.includes('authorization')
  const origins = [route.origin, ...route.config.websocketOrigins]
  if (original.isHandshake && !byToken && !websocketOriginAllowed(request, origins)) {
    throw new Refusal('websocket_origin_refused', 'a foreign Origin asked for a WebSocket')
  }
  return { status: 200, headers: toldToApp(request, names, identity, consumedHeaders) }
}

/**
 * The route that the original request is for. What the proxy passes on is what it was sent: an address in any other spelling
 * than the one that the rule is asked about is nobody's.
 */
function find({ release }: Exchange, { host, target }: OriginalRequest): { route: RouteSite; path: string } {
  const destination = locate(release.sites, host, target)
  if (!destination) throw new Refusal('host_unknown', 'no site at this host')
  if ('code' in destination) throw new Refusal('request_malformed', destination.reason)
  if (destination.kind !== 'app' || destination.site.config.action.kind !== 'forward_auth') {
    throw new Refusal('not_found', 'no route about which another proxy may ask')
  }
  const { path, query } = destination.target
  if (path + query !== target) throw new Refusal('request_malformed', 'the address is not in its canonical spelling')
  return { route: destination.site, path }
}

/** A browser is sent to sign in, from where it comes back by itself; a program, and a form, are told that they must. */
function unauthorized(
  { request }: Exchange,
  { signIn }: Question,
  { method, target, isHandshake }: OriginalRequest,
  { origin }: RouteSite,
): Verdict {
  const opensPage = wantsPage(request.headers) && (method === 'GET' || method === 'HEAD') && !isHandshake
  if (!opensPage) throw new Refusal('sign_in_required', 'no session at this host')
  const location = `${origin}${SIGN_IN_PATH}?${RETURN_PARAMETER}=${encodeURIComponent(target)}`
  if (signIn === 'redirect') return { status: 302, headers: { location, 'referrer-policy': 'no-referrer' } }
  return { status: 401, headers: { location, 'www-authenticate': 'Gatewright' } }
}

/** Proxies know 401 and 403 as a no; what is no decision stays an error, by which nobody passes either. */
function refused(exchange: Exchange, error: unknown): Verdict {
  const refusal = asRefusal(error)
  logRefusal(exchange, refusal)
  const view = { requestId: exchange.requestId, page: false as const }
  const { status, headers } = refusalResponse(refusal, view)
  const told = ['www-authenticate', 'retry-after'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  const isDenial = status < 500 && status !== 401
  return { status: isDenial ? 403 : status, headers: Object.fromEntries(told) }
}
