import { OWN_PATH_PREFIX } from '../authenticate/index.ts'
import { ASSERTION_HEADER, type Subject } from '../identity/index.ts'
import { type Forward, type Header, type ProxyFailure, proxyRequest } from '../proxy/index.ts'
import { Refusal } from '../refusal.ts'
import { isOwnCookie } from '../sessions/index.ts'
import {
  type CanonicalTarget,
  canonicalTarget,
  checkRequest,
  hostKey,
  refuse,
  type WireRefusal,
} from '../wire/index.ts'
import { accessRequest, type Authorization, authorize } from './authorize.ts'
import { challenge, denial } from './challenge.ts'
import { countedEndpoint, tellOfSharedAddress } from './endpoint-limits.ts'
import { answer, asRefusal, type Exchange, refuseWith } from './exchange.ts'
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
  if (destination.kind === 'own') return serveOwn(exchange, destination.site, destination.target)
  const { site, target } = destination
  let access: Authorization
  try {
    const { context, programs } = exchange.release
    const recognition = { findSession: context.sessions.findAtHost, findProgram: programs.authenticate }
    access = await authorize(recognition, site, accessRequest(request, target.path))
  } catch (error) {
    return refuseWith(exchange, site, asRefusal(error))
  }
  switch (access.outcome) {
    case 'public':
    case 'allowed': {
      const identity = access.outcome === 'allowed' ? await identityOf(exchange, site, access.subject) : []
      return proxyRequest(request, response, forwardTo(exchange, site, target, identity, access.consumedHeaders))
    }
    case 'sign_in_required':
      return answer(exchange, site, () => challenge(exchange, site, target))
    case 'access_denied': {
      const { subject, reason } = access
      exchange.log.info({ requestId: exchange.requestId, route: site.id, person: subject.id, reason }, 'Denied')
      return answer(exchange, site, async () => denial(exchange, site, target, subject))
    }
  }
}

/** The gateway's own endpoints; those that are counted are, before anything of the request's body is read. */
async function serveOwn(exchange: Exchange, site: Site, { path }: CanonicalTarget): Promise<void> {
  const { request, requestId, log } = exchange
  const { limits } = exchange.release.context
  const endpoint = countedEndpoint(site.kind, path)
  return answer(exchange, site, async (web) => {
    if (endpoint) {
      if (isForeignSubresource(request)) throw new Refusal('origin_mismatch', 'a page of another site asked in passing')
      const client = limits.clientOf(request)
      tellOfSharedAddress(limits, client, log)
      await limits[endpoint](client)
    }
    return site.app.fetch(web, { requestId })
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
  consumedHeaders: readonly string[],
): Forward {
  const { request, requestId, release } = exchange
  return {
    upstream: site.upstream,
    target: target.path + target.query,
    origin: site.origin,
    preserveHost: false,
    identityHeaders: [...identity, ['X-Request-Id', requestId]],
    consumedHeaders,
    clientAddress: release.context.limits.clientOf(request).address,
    ownCookies: isOwnCookie,
    privateResponse: site.policy !== undefined,
    responseHeaders: [],
    onFailure: (failure) => void answerFailure(exchange, site, failure),
  }
}

/** The headers that tell the app who is there. */
export async function identityOf({ release }: Exchange, site: RouteSite, subject: Subject): Promise<Header[]> {
  return [[ASSERTION_HEADER, await release.assertions.for(subject, site.brand.url, site.origin)]]
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
