import { Refusal } from '../refusal.ts'
import { proxyUpgrade, type Tunnel, websocketOriginAllowed } from '../proxy/index.ts'
import { checkRequest, refuse } from '../wire/index.ts'
import { authorize } from './authorize.ts'
import { forwardTo, identityOf, locate } from './dispatch.ts'
import { type Exchange, refuseWith } from './exchange.ts'
import type { GatewayRelease } from './release.ts'
import type { RouteSite } from './sites.ts'

/** A WebSocket outlives its handshake: what was decided then is asked again at this interval, in milliseconds. */
const RECHECK_MS = 5_000

/** Passes WebSockets on by the same rules as requests, and closes those that would not be let in any more. */
export interface Upgrades {
  handle(exchange: Exchange, head: Buffer): Promise<void>
  /** Closes the tunnels that would not be let in any more. */
  recheck(): void
  /** Ends all tunnels and stops looking at them. */
  close(): void
}

interface OpenTunnel {
  tunnel: Tunnel
  exchange: Exchange
  site: RouteSite
  path: string
}

/** @param current the release in force now, by which open tunnels are judged */
export function createUpgrades(current: () => GatewayRelease): Upgrades {
  const open = new Set<OpenTunnel>()
  const look = () => void recheck(open, current())
  const timer = setInterval(look, RECHECK_MS)
  return {
    recheck: look,
    async handle(exchange, head) {
      const { request, response } = exchange
      const malformed = checkRequest(request)
      if (malformed) return refuse(response, malformed)
      const found = locate(exchange)
      if (found && 'code' in found) return refuse(response, found)
      if (found?.site.kind !== 'route')
        return refuseWith(exchange, found?.site, new Refusal('not_found', 'no WebSocket here'))
      const { site, target } = found
      if (!websocketOriginAllowed(request, [site.origin, ...site.config.websocketOrigins])) {
        return refuseWith(
          exchange,
          site,
          new Refusal('websocket_origin_refused', 'a foreign Origin asked for a WebSocket'),
        )
      }
      const access = await authorize(exchange.release.context.sessions, site, subject(exchange, target.path))
      if (access.outcome === 'sign_in_required' || access.outcome === 'access_denied') {
        return refuseWith(exchange, site, new Refusal(access.outcome, 'a WebSocket was not let in'))
      }
      const identity = access.outcome === 'allowed' ? await identityOf(exchange, site, access.session) : []
      const tunnel = await proxyUpgrade(request, response, head, forwardTo(exchange, site, target, identity))
      if (!tunnel) return
      const entry = { tunnel, exchange, site, path: target.path }
      open.add(entry)
      await tunnel.closed
      open.delete(entry)
    },
    close() {
      clearInterval(timer)
      for (const { tunnel } of open) tunnel.close()
    },
  }
}

async function recheck(open: ReadonlySet<OpenTunnel>, release: GatewayRelease): Promise<void> {
  for (const { tunnel, exchange, site, path } of open) {
    if (!(await mayStay(release, site.id, subject(exchange, path)))) tunnel.close()
  }
}

async function mayStay(
  release: GatewayRelease,
  routeId: string,
  request: ReturnType<typeof subject>,
): Promise<boolean> {
  const site = [...release.sites.values()].find((candidate) => candidate.kind === 'route' && candidate.id === routeId)
  if (site?.kind !== 'route') return false
  try {
    const { outcome } = await authorize(release.context.sessions, site, request)
    return outcome === 'allowed' || outcome === 'public'
  } catch {
    // A store that cannot answer is no permission.
    return false
  }
}

function subject({ request }: Exchange, path: string) {
  return { method: request.method ?? '', path, cookie: request.headers.cookie }
}
