import { proxyRequest } from '../proxy/index.ts'
import { Refusal } from '../refusal.ts'
import { type CanonicalTarget, checkRequest, refuse, type WireRefusal } from '../wire/index.ts'
import { accessRequest } from './access-request.ts'
import { type Admission, admit, admitAtOnce, type Admitted } from './admission.ts'
import { challenge, denial } from './challenge.ts'
import { countedEndpoint, tellOfSharedAddress } from './endpoint-limits.ts'
import { answer, asRefusal, type Exchange, refuseWith } from './exchange.ts'
import { forwardTo } from './forward.ts'
import { locate } from './locate.ts'
import { routeAnswer } from './route-answer.ts'
import type { RouteSite, Site } from './sites.ts'
import { verify } from './verify.ts'

/**
 * Answers one request, to its end. Whoever was let in a moment ago goes on to the app in the same turn of the event loop.
 * @returns a promise where something has to be asked or answered; nothing where the app answers
 */
export function dispatch(exchange: Exchange): void | Promise<void> {
  const { request, release } = exchange
  const malformed = checkRequest(request)
  if (malformed) return refuseOnWire(exchange, malformed)
  const question = release.callers?.question(request)
  if (question) return verify(exchange, question)
  const destination = locate(release.sites, request.headers.host ?? '', request.url ?? '')
  if (!destination) return refuseWith(exchange, undefined, new Refusal('host_unknown', 'no site at this host'))
  if ('code' in destination) return refuseOnWire(exchange, destination)
  if (destination.kind === 'nothing') {
    return refuseWith(exchange, destination.site, new Refusal('not_found', 'no route has this path'))
  }
  const { target } = destination
  // What was checked is what every later reader sees.
  request.url = target.path + target.query
  if (destination.kind === 'own') {
    exchange.count(release.ownPages)
    return serveOwn(exchange, destination.site, target)
  }
  const route = destination.site
  exchange.count(route.metrics)
  exchange.route = route.id
  const access = accessRequest(request, target.path, exchange.ip)
  const admitted = admitAtOnce(release, route, access)
  return admitted
    ? pass(exchange, route, target, admitted)
    : ask(exchange, route, target, () => admit(release, route, access))
}

/** Answers a request about which somebody has to be asked. */
async function ask(
  exchange: Exchange,
  route: RouteSite,
  target: CanonicalTarget,
  decide: () => Promise<Admission>,
): Promise<void> {
  let admission: Admission
  try {
    admission = await decide()
  } catch (error) {
    return refuseWith(exchange, route, asRefusal(error))
  }
  switch (admission.outcome) {
    case 'admitted':
      return pass(exchange, route, target, admission)
    case 'sign_in_required':
      return answer(exchange, route, () => challenge(exchange, route, target))
    case 'access_denied':
      return answer(exchange, route, async (web) => denial(exchange, route, target, admission, web))
  }
}

/** Answers somebody who may pass: by the app, or with what the route itself has to say. */
function pass(exchange: Exchange, route: RouteSite, target: CanonicalTarget, admitted: Admitted): void | Promise<void> {
  const { request, response } = exchange
  exchange.person = admitted.person
  const forward = forwardTo(exchange, route, target, admitted)
  if (forward) return proxyRequest(request, response, forward)
  const own = routeAnswer(route, target, request.method ?? '', admitted.person !== undefined)
  if (!own) return refuseWith(exchange, route, new Refusal('not_found', 'this route passes nothing on'))
  return answer(exchange, route, async () => own)
}

/** The gateway's own endpoints; those that are counted are, before anything of the request's body is read. */
async function serveOwn(exchange: Exchange, site: Site, { path }: CanonicalTarget): Promise<void> {
  const { request, requestId, log, client } = exchange
  const { limits } = exchange.release.context
  const endpoint = countedEndpoint(site.kind === 'login' ? 'login' : 'route', path)
  return answer(exchange, site, async (web) => {
    if (endpoint) {
      if (isForeignSubresource(request)) throw new Refusal('origin_mismatch', 'a page of another site asked in passing')
      tellOfSharedAddress(limits, client, log)
      await limits[endpoint](client)
    }
    return site.app.fetch(web, { requestId, client })
  })
}

/**
 * Whether a page of another site asks by a picture, a script or a frame (Fetch Metadata): people come by navigations, and
 * nobody may use up what an address may do by a page that is open somewhere behind it.
 */
function isForeignSubresource({ headers }: Exchange['request']): boolean {
  const destination = headers['sec-fetch-dest']
  return headers['sec-fetch-site'] === 'cross-site' && destination !== undefined && destination !== 'document'
}

/** Refuses what nobody should look at any further. */
export function refuseOnWire({ response, log, requestId }: Exchange, refusal: WireRefusal): void {
  log.info({ requestId, code: refusal.code }, 'Refused on the wire')
  refuse(response, refusal)
}
