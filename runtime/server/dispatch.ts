import { OWN_PATH_PREFIX, signInRedirect } from '../authenticate/index.ts'
import { ASSERTION_HEADER } from '../identity/index.ts'
import { deniedPage, pageHeaders } from '../pages/index.ts'
import { type Forward, type Header, type ProxyFailure, proxyRequest } from '../proxy/index.ts'
import { Refusal } from '../refusal.ts'
import { isOwnCookie } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import {
  type CanonicalTarget,
  canonicalTarget,
  checkRequest,
  hostKey,
  refuse,
  type WireRefusal,
} from '../wire/index.ts'
import { authorize } from './authorize.ts'
import { answer, type Exchange, refuseWith } from './exchange.ts'
import { wantsPage } from './respond.ts'
import type { RouteSite, Site } from './sites.ts'

/** Where a request leads once the wire checks have passed: to the gateway's own endpoints at a host, or to the app there. */
export type Destination =
  { kind: 'own'; site: Site; target: CanonicalTarget } | { kind: 'app'; site: RouteSite; target: CanonicalTarget }

/** Answers one request, to its end. */
export async function dispatch(exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  const malformed = checkRequest(request)
  if (malformed) return refuseOnWire(exchange, malformed)
  const destination = locate(exchange)
  if (!destination) return refuseWith(exchange, undefined, new Refusal('host_unknown', 'no site at this host'))
  if ('code' in destination) return refuseOnWire(exchange, destination)
  // What was checked is what every later reader sees.
  request.url = destination.target.path + destination.target.query
  if (destination.kind === 'own') {
    const { app } = destination.site
    return answer(exchange, destination.site, async (web) => app.fetch(web, { requestId: exchange.requestId }))
  }
  const { site, target } = destination
  const { method = '', headers } = request
  const access = await authorize(exchange.release.context.sessions.findAtHost, site, {
    method,
    path: target.path,
    cookie: headers.cookie,
  })
  switch (access.outcome) {
    case 'public':
      return proxyRequest(request, response, forwardTo(exchange, site, target, []))
    case 'allowed':
      return proxyRequest(
        request,
        response,
        forwardTo(exchange, site, target, await identityOf(exchange, site, access.session)),
      )
    case 'sign_in_required':
      return answer(exchange, site, async () => challenge(exchange, site, target))
    case 'access_denied':
      exchange.log.info(
        { requestId: exchange.requestId, route: site.id, person: access.session.person.id, reason: access.reason },
        'Denied',
      )
      return answer(exchange, site, async () => denial(exchange, site, target, access.session))
  }
}

/** Finds the site and the canonical target; a refusal when the target has none. */
export function locate({ request, release }: Exchange): Destination | WireRefusal | undefined {
  const site = release.sites.get(hostKey(request.headers.host ?? '') ?? '')
  if (!site) return undefined
  const allowEncodedSlash = site.kind === 'route' && site.config.allowEncodedSlash
  const target = canonicalTarget(request.url ?? '', { allowEncodedSlash })
  if ('code' in target) return target
  return site.kind === 'login' || target.path.startsWith(OWN_PATH_PREFIX)
    ? { kind: 'own', site, target }
    : { kind: 'app', site, target }
}

/** What the proxy is told; identity headers are added after every look-alike was removed. */
export function forwardTo(
  exchange: Exchange,
  site: RouteSite,
  target: CanonicalTarget,
  identity: readonly Header[],
): Forward {
  const { request, requestId } = exchange
  return {
    upstream: site.upstream,
    target: target.path + target.query,
    origin: site.origin,
    preserveHost: false,
    identityHeaders: [...identity, ['X-Request-Id', requestId]],
    consumedHeaders: [],
    clientAddress: request.socket.remoteAddress ?? '',
    ownCookies: isOwnCookie,
    privateResponse: site.policy !== undefined,
    responseHeaders: [],
    onFailure: (failure) => void answerFailure(exchange, site, failure),
  }
}

/** The headers that tell the app who is there. */
export async function identityOf({ release }: Exchange, site: RouteSite, session: Session): Promise<Header[]> {
  return [[ASSERTION_HEADER, await release.assertions.for(session, site.brand.url, site.origin)]]
}

async function answerFailure(exchange: Exchange, site: Site, { code, cause, answerable }: ProxyFailure): Promise<void> {
  if (code === 'client_gone') return
  const refusal = new Refusal(code === 'request_invalid' ? 'internal' : code, `${site.origin} could not be served`, {
    cause,
  })
  if (answerable) await refuseWith(exchange, site, refusal)
  else exchange.log.warn({ requestId: exchange.requestId, code }, 'Broken off')
}

/** Refuses what nobody should look at any further. */
export function refuseOnWire({ response, log, requestId }: Exchange, refusal: WireRefusal): void {
  log.info({ requestId, code: refusal.code }, 'Refused on the wire')
  refuse(response, refusal)
}

/** A browser is sent to sign in; a program is told that it must (RFC 9110 §15.5.2). */
function challenge(exchange: Exchange, site: RouteSite, target: CanonicalTarget): Response {
  const { request } = exchange
  const isNavigation = (request.method === 'GET' || request.method === 'HEAD') && wantsPage(request.headers)
  if (!isNavigation) throw new Refusal('sign_in_required', 'no session at this host', { retry: '/' })
  const { url, cookie } = signInFor(exchange, site, target, false)
  return new Response(null, { status: 302, headers: { location: url, 'set-cookie': cookie, ...pageHeaders({}) } })
}

function denial(exchange: Exchange, site: RouteSite, target: CanonicalTarget, session: Session): Response {
  const { request, requestId } = exchange
  if (!wantsPage(request.headers)) throw new Refusal('access_denied', 'the rule of the route is not met')
  const { url, cookie } = signInFor(exchange, site, target, true)
  const html = deniedPage({
    brandName: site.brand.name,
    person: session.person.email || session.person.name,
    destination: new URL(site.origin).hostname,
    needs: site.needs,
    switchHref: url,
    signOutHref: `${site.brand.url}/sign-out`,
    requestId,
  })
  return new Response(html, { status: 403, headers: { ...pageHeaders({}), 'set-cookie': cookie } })
}

function signInFor({ request, release }: Exchange, site: RouteSite, target: CanonicalTarget, switching: boolean) {
  const returnTo = target.path + target.query
  return signInRedirect(release.context, site.id, site.config, returnTo, request.headers.cookie, switching)
}
