import type { Forward, ProxyFailure } from '../proxy/index.ts'
import { Refusal, type RefusalCode } from '../refusal.ts'
import type { CanonicalTarget } from '../wire/index.ts'
import type { Admitted } from './admission.ts'
import { type Exchange, refuseWith } from './exchange.ts'
import type { RouteSite } from './sites.ts'

/**
 * What the proxy is told, where there is an app; identity headers are added after every look-alike was removed.
 * @returns undefined for a route that passes nothing on
 */
export function forwardTo(
  exchange: Exchange,
  route: RouteSite,
  target: CanonicalTarget,
  { identity, consumedHeaders }: Admitted,
): Forward | undefined {
  if (!route.forward) return undefined
  return {
    route: route.forward,
    publicOrigin: route.publicOrigin,
    target: route.upstreamPath(target.path) + target.query,
    identityHeaders: identity,
    requestId: exchange.requestId,
    consumedHeaders,
    clientAddress: exchange.client.address,
    privateResponse: !route.isPublic(target.path),
    onFailure: (failure) => void answerFailure(exchange, route, failure).catch(() => exchange.response.destroy()),
  }
}

async function answerFailure(
  exchange: Exchange,
  route: RouteSite,
  { code, cause, answerable }: ProxyFailure,
): Promise<void> {
  if (code === 'client_gone') return
  if (code.startsWith('upstream_')) exchange.metrics.upstreamFailed(route.id, code)
  const refusal: RefusalCode = code === 'request_invalid' ? 'internal' : code
  if (answerable) {
    await refuseWith(exchange, route, new Refusal(refusal, `${route.origin} could not be served`, { cause }))
  } else {
    exchange.log.warn({ requestId: exchange.requestId, route: route.id, code }, 'Broken off')
  }
}
