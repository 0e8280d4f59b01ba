import { mapAt, mapsAt, textAt, valueAt } from '../manifest.ts'
import { type Look, READY, type Verdict } from './wait.ts'

/**
 * A Service with a selector is ready when its endpoints are listed and none of them is unready; of a load balancer an
 * address is asked for besides. (The official plugin then waits ten seconds more for endpoints that come late.)
 */
export async function judgeService({ api, object, signal }: Look): Promise<Verdict> {
  const live = await api.get(object, signal)
  if (live === 'missing') return { ready: false, lacks: ['it is gone'] }
  if (textAt(live, 'spec', 'type') === 'LoadBalancer' && !hasAddress(live)) {
    return { ready: false, lacks: ['Service was not allocated an IP address'] }
  }
  const isPlain = textAt(live, 'spec', 'clusterIP') !== 'None' && textAt(live, 'spec', 'type') !== 'ExternalName'
  if (!isPlain || Object.keys(mapAt(live, 'spec', 'selector')).length === 0) return READY
  const endpoints = await api.get({ ...object, kind: 'Endpoints' }, signal)
  const pending =
    endpoints === 'missing' || mapsAt(endpoints, 'subsets').some((subset) => valueAt(subset, 'notReadyAddresses'))
  return pending ? { ready: false, lacks: ['Service has no endpoints, or unready ones'] } : READY
}

/** An Ingress is ready when the services that it names have endpoints and its controller has given it an address. */
export async function judgeIngress({ api, object, signal }: Look): Promise<Verdict> {
  const live = await api.get(object, signal)
  if (live === 'missing') return { ready: false, lacks: ['it is gone'] }
  return hasAddress(live)
    ? READY
    : { ready: false, lacks: ['Ingress .status.loadBalancer field was not updated with a hostname/IP address'] }
}

function hasAddress(live: Parameters<typeof mapsAt>[0]): boolean {
  return mapsAt(live, 'status', 'loadBalancer', 'ingress').length > 0
}
