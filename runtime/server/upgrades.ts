import { setImmediate as breathe } from 'node:timers/promises'

import type { Http1Request, Http1Response } from '../http1/index.ts'
import { type Forward, proxyUpgrade, type Tunnel, websocketOriginAllowed } from '../proxy/index.ts'
import { Refusal } from '../refusal.ts'
import { digest, readSessionCookie } from '../sessions/index.ts'
import type { Changed } from '../store/index.ts'
import { checkRequest, hostKey } from '../wire/index.ts'
import { accessRequest } from './access-request.ts'
import { admit, admitAtOnce } from './admission.ts'
import { authorize } from './authorize.ts'
import { refuseOnWire } from './dispatch.ts'
import { type Exchange, refuseWith } from './exchange.ts'
import { forwardTo } from './forward.ts'
import { locate } from './locate.ts'
import type { GatewayRelease } from './release.ts'
import type { RouteSite } from './sites.ts'

/** A WebSocket outlives its handshake: what was decided then is asked again at this interval, in milliseconds. */
const RECHECK_MS = 5_000

/** So many are asked about before waiting requests get their turn. */
const RECHECK_BATCH = 50

/** Passes WebSockets on by the same rules as requests, and closes those that would not be let in any more. */
export interface Upgrades {
  handle(exchange: Handshake): Promise<void>
  /** Closes those of the tunnels concerned that would not be let in any more. */
  recheck(changed: Changed): void
  /** Ends all tunnels and handshakes, lets no more in, and stops looking at them. */
  close(): void
}

/** WebSockets come by HTTP/1.1 alone. */
export type Handshake = Exchange<Http1Request, Http1Response>

/** From the handshake on; `tunnel` once the upstream has agreed. */
interface Passage {
  exchange: Handshake
  routeId: string
  path: string
  /** Whose end or change concerns it; undefined where that is not a browser’s. */
  hostSession: string | undefined
  /** A program showed a token: it has no Origin. */
  byToken: boolean
  tunnel?: Tunnel
}

/** @param current the release in force now, by which open tunnels are judged */
export function createUpgrades(current: () => GatewayRelease): Upgrades {
  const passages = new Set<Passage>()
  let closing = false
  let checking: Promise<void> | undefined
  let due = new Set<Passage>()
  const look = (): void => {
    if (checking !== undefined || due.size === 0 || closing) return
    // What becomes due meanwhile, also of these, gets a round of its own.
    const round = due
    due = new Set()
    checking = recheck(round, current()).finally(() => {
      checking = undefined
      look()
    })
  }
  const lookAt = (changed: Changed): void => {
    const ids = changed === 'everything' ? undefined : new Set(changed)
    for (const passage of passages) {
      const { hostSession } = passage
      if (ids === undefined || hostSession === undefined || ids.has(hostSession)) due.add(passage)
    }
    look()
  }
  const timer = setInterval(() => lookAt('everything'), RECHECK_MS)
  return {
    recheck: lookAt,
    async handle(exchange) {
      const admission = await admitHandshake(exchange)
      if (closing) exchange.response.destroy()
      if (closing || !admission) return
      const { site, path, byToken, forward } = admission
      const cookie = readSessionCookie(exchange.request.headers.cookie)
      const hostSession = cookie === undefined ? undefined : digest(cookie)
      const passage: Passage = { exchange, routeId: site.id, path, hostSession, byToken }
      passages.add(passage)
      try {
        const tunnel = await proxyUpgrade(exchange.request, exchange.response, forward)
        if (!tunnel) return
        passage.tunnel = tunnel
        site.metrics.tunnelOpened()
        void tunnel.closed.then(() => site.metrics.tunnelClosed())
        exchange.log.info({ requestId: exchange.requestId, route: site.id }, 'WebSocket open')
        if (closing) tunnel.close()
        // Its session may have ended while the upstream thought about it.
        due.add(passage)
        look()
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
  byToken: boolean
  forward: Forward
}

/** @returns where the handshake may go; nothing when it was refused */
async function admitHandshake(exchange: Handshake): Promise<Admission | undefined> {
  const { request, release } = exchange
  const found = checkRequest(request) ?? locate(release.sites, request.headers.host ?? '', request.url ?? '')
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
  exchange.count(site.metrics)
  exchange.route = site.id
  const access = accessRequest(request, target.path, exchange.ip)
  const admission = admitAtOnce(release, site, access) ?? (await admit(release, site, access))
  if (admission.outcome !== 'admitted') {
    return refused(admission.outcome, `a WebSocket of route ${site.id} was not let in`)
  }
  exchange.person = admission.person
  // No page can make a browser send a token: who shows one is a program, and has no Origin.
  const byToken = admission.person !== undefined && admission.consumedHeaders.includes('authorization')
  if (!byToken && !isAllowedOrigin(request, site)) {
    return refused('websocket_origin_refused', 'a foreign Origin asked for a WebSocket')
  }
  const forward = forwardTo(exchange, site, target, admission)
  return forward ? { site, path: target.path, byToken, forward } : refused('not_found', 'this route passes nothing on')
}

async function recheck(passages: ReadonlySet<Passage>, release: GatewayRelease): Promise<void> {
  let asked = 0
  for (const passage of passages) {
    const { tunnel, exchange } = passage
    if (!tunnel) continue
    // A tunnel may stay for days: what it began with must not stay with it.
    exchange.release = release
    if (!(await mayStay(release, passage))) tunnel.close()
    asked += 1
    if (asked % RECHECK_BATCH === 0) await breathe()
  }
}

/** The route that has the address now. */
function routeNow({ sites }: GatewayRelease, { request }: Handshake, path: string): RouteSite | undefined {
  const site = sites.find(hostKey(request.headers.host ?? '') ?? '')
  return site?.kind === 'app' ? site.routes.find(path) : undefined
}

function isAllowedOrigin(request: Http1Request, { origin, config }: RouteSite): boolean {
  return websocketOriginAllowed(request, [origin, ...config.websocketOrigins])
}

async function mayStay(release: GatewayRelease, { exchange, routeId, path, byToken }: Passage): Promise<boolean> {
  const site = routeNow(release, exchange, path)
  // Another route leads to another app.
  if (site?.id !== routeId || (!byToken && !isAllowedOrigin(exchange.request, site))) return false
  const request = accessRequest(exchange.request, path, exchange.ip)
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
