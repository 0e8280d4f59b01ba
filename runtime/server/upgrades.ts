import { setImmediate as breathe } from 'node:timers/promises'

import { type Forward, proxyUpgrade, type Tunnel, websocketOriginAllowed } from '../proxy/index.ts'
import { Refusal } from '../refusal.ts'
import { checkRequest } from '../wire/index.ts'
import { type AccessRequest, accessRequest, authorize } from './authorize.ts'
import { forwardTo, identityOf, locate, refuseOnWire } from './dispatch.ts'
import { type Exchange, refuseWith } from './exchange.ts'
import type { GatewayRelease } from './release.ts'
import type { RouteSite } from './sites.ts'

/** A WebSocket outlives its handshake: what was decided then is asked again at this interval, in milliseconds. */
const RECHECK_MS = 5_000

/** So many are asked about before waiting requests get their turn. */
const RECHECK_BATCH = 50

/** Passes WebSockets on by the same rules as requests, and closes those that would not be let in any more. */
export interface Upgrades {
  handle(exchange: Exchange, head: Buffer): Promise<void>
  /** Closes the tunnels that would not be let in any more. */
  recheck(): void
  /** Ends all tunnels and handshakes, lets no more in, and stops looking at them. */
  close(): void
}

/** From the handshake on; `tunnel` once the upstream has agreed. */
interface Passage {
  exchange: Exchange
  routeId: string
  path: string
  tunnel?: Tunnel
}

/** @param current the release in force now, by which open tunnels are judged */
export function createUpgrades(current: () => GatewayRelease): Upgrades {
  const passages = new Set<Passage>()
  let closing = false
  let checking: Promise<void> | undefined
  let isAskedAgain = false
  const look = (): void => {
    // Those that this round has looked at already may have ended meanwhile.
    isAskedAgain = checking !== undefined
    checking ??= recheck(passages, current()).finally(() => {
      checking = undefined
      if (isAskedAgain && !closing) look()
    })
  }
  const timer = setInterval(look, RECHECK_MS)
  return {
    recheck: look,
    async handle(exchange, head) {
      const admission = await admit(exchange)
      if (closing) exchange.response.destroy()
      if (closing || !admission) return
      const { site, path, forward } = admission
      const passage: Passage = { exchange, routeId: site.id, path }
      passages.add(passage)
      try {
        const tunnel = await proxyUpgrade(exchange.request, exchange.response, head, forward)
        if (!tunnel) return
        passage.tunnel = tunnel
        exchange.log.info({ requestId: exchange.requestId, route: site.id }, 'WebSocket open')
        if (closing) tunnel.close()
        await tunnel.closed
        exchange.log.info({ requestId: exchange.requestId, route: site.id }, 'WebSocket closed')
      } finally {
        passages.delete(passage)
      }
    },
    close() {
      closing = true
      clearInterval(timer)
      for (const { tunnel, exchange } of passages) {
        if (tunnel) tunnel.close()
        else exchange.request.socket.destroy()
      }
    },
  }
}

interface Admission {
  site: RouteSite
  path: string
  forward: Forward
}

/** @returns where the handshake may go; nothing when it was refused */
async function admit(exchange: Exchange): Promise<Admission | undefined> {
  const { request, release } = exchange
  const found = checkRequest(request) ?? locate(exchange)
  if (found && 'code' in found) {
    refuseOnWire(exchange, found)
    return undefined
  }
  const refused = async (code: Refusal['code'], reason: string): Promise<undefined> => {
    await refuseWith(exchange, found?.site, new Refusal(code, reason))
    return undefined
  }
  if (found?.kind !== 'app') return refused('not_found', 'no WebSocket here')
  const { site, target } = found
  const recognition = {
    findSession: release.context.sessions.findAtHost,
    findProgram: release.programs.authenticate,
  }
  const access = await authorize(recognition, site, accessRequest(request, target.path))
  if (access.outcome === 'sign_in_required' || access.outcome === 'access_denied') {
    return refused(access.outcome, `a WebSocket of route ${site.id} was not let in`)
  }
  // No page can make a browser send a token: who shows one is a program, and has no Origin.
  const byToken = access.outcome === 'allowed' && access.consumedHeaders.includes('authorization')
  if (!byToken && !websocketOriginAllowed(request, [site.origin, ...site.config.websocketOrigins])) {
    return refused('websocket_origin_refused', 'a foreign Origin asked for a WebSocket')
  }
  const identity = access.outcome === 'allowed' ? await identityOf(exchange, site, access.subject) : []
  return { site, path: target.path, forward: forwardTo(exchange, site, target, identity, access.consumedHeaders) }
}

async function recheck(passages: ReadonlySet<Passage>, release: GatewayRelease): Promise<void> {
  const routes = new Map<string, RouteSite>()
  for (const site of release.sites.values()) if (site.kind === 'route') routes.set(site.id, site)
  let asked = 0
  for (const { tunnel, exchange, routeId, path } of passages) {
    if (!tunnel) continue
    if (!(await mayStay(release, routes.get(routeId), accessRequest(exchange.request, path)))) tunnel.close()
    asked += 1
    if (asked % RECHECK_BATCH === 0) await breathe()
  }
}

async function mayStay(release: GatewayRelease, site: RouteSite | undefined, request: AccessRequest) {
  if (!site) return false
  try {
    // Looking is not using: a silent WebSocket must not keep its session alive.
    const recognition = { findSession: release.context.sessions.peekAtHost, findProgram: release.programs.peek }
    const { outcome } = await authorize(recognition, site, request)
    return outcome === 'allowed' || outcome === 'public'
  } catch {
    // A store that cannot answer is no permission.
    return false
  }
}
