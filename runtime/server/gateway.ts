import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

import { oneLine, type Program, type ProgramContext } from '../program/index.ts'
import { createUpstream, type Upstream } from '../proxy/index.ts'
import { dispatch } from './dispatch.ts'
import { asRefusal, type Exchange, refuseWith } from './exchange.ts'
import { close, createAdminServer, createPublicServer, listen } from './listeners.ts'
import { type GatewayRelease, loadRelease } from './release.ts'
import { createStores } from './stores.ts'
import { createUpgrades, type Upgrades } from './upgrades.ts'

const SWEEP_MS = 60_000

/** The gateway as a program: what lives as long as the process, and the release in force. */
export async function startGateway(context: ProgramContext): Promise<Program> {
  const { dataFolder, log, readiness } = context
  const stores = createStores(dataFolder, log, () => serving?.upgrades.recheck())
  const upstreams = createUpstreamPool()
  let current: GatewayRelease | undefined
  let serving: Serving | undefined
  const inForce = (): GatewayRelease => {
    if (!current) throw new Error('no release is in force')
    return current
  }
  let sweeping: Promise<void> | undefined
  const sweep = (): void => {
    sweeping ??= current?.context.sessions
      .sweep()
      .catch((error: unknown) => log.error({ error: oneLine(error) }, 'Sweeping the store failed'))
      .finally(() => (sweeping = undefined))
  }
  const sweeper = setInterval(sweep, SWEEP_MS)

  return {
    async apply(release) {
      const next = await loadRelease(release, {
        log,
        openStore: (config, secret) => stores.open(config, secret),
        upstreamFor: upstreams.to,
      })
      if (serving) requireSameAddresses(serving.release, next)
      current = next
      serving ??= await serve(next, context, inForce)
      upstreams.keepOnly(
        new Set(
          Object.values(next.config.routes).flatMap(({ action }) =>
            action.kind === 'forward' ? action.upstreams : [],
          ),
        ),
      )
      stores.keepOnly(next.context.store)
      // What the new release makes of what is there: sessions may be over by its lifetimes, or sealed under its old key.
      serving.upgrades.recheck()
      void Promise.resolve(sweeping).then(sweep)
    },
    async drain() {
      clearInterval(sweeper)
      serving?.upgrades.close()
      if (serving) {
        await close(serving.publicServer)
        // Last, so that readiness says 503 for as long as something is left to finish.
        await close(serving.adminServer)
      }
      await current?.context.sessions.settled()
      await stores.close()
      log.info({ status: readiness.status }, 'Drained')
    },
  }
}

interface Serving {
  release: GatewayRelease
  publicServer: Server
  adminServer: Server
  upgrades: Upgrades
}

async function serve(
  release: GatewayRelease,
  { log, readiness }: ProgramContext,
  inForce: () => GatewayRelease,
): Promise<Serving> {
  const upgrades = createUpgrades(inForce)
  const exchangeOf = (request: IncomingMessage, response: ServerResponse): Exchange => {
    const exchange = { request, response, release: inForce(), requestId: randomUUID(), log }
    logWhenDone(exchange)
    return exchange
  }
  const publicServer = createPublicServer({
    request(request, response) {
      const exchange = exchangeOf(request, response)
      void dispatch(exchange).catch((error: unknown) => refuseWith(exchange, undefined, asRefusal(error)))
    },
    upgrade(request, response, head) {
      const exchange = exchangeOf(request, response)
      void upgrades.handle(exchange, head).catch((error: unknown) => refuseWith(exchange, undefined, asRefusal(error)))
    },
  })
  const adminServer = createAdminServer(readiness)
  await listen(adminServer, release.config.admin)
  await listen(publicServer, release.config.listen)
  return { release, publicServer, adminServer, upgrades }
}

/** Paths are logged without their query, which may hold codes and what people searched for. */
function logWhenDone({ request, response, requestId, log }: Exchange): void {
  const began = performance.now()
  const { method, url, headers } = request
  response.once('close', () => {
    const ms = Math.round((performance.now() - began) * 10) / 10
    log.info(
      { requestId, method, host: headers.host, path: url?.split('?', 1)[0], status: response.statusCode, ms },
      response.writableFinished ? 'Answered' : 'Broken off',
    )
  })
}

/** A release with other addresses needs a restart; its sender knows (`local.Process` restarts for a changed `listen`). */
function requireSameAddresses({ config: serving }: GatewayRelease, { config: next }: GatewayRelease): void {
  if (JSON.stringify([serving.listen, serving.admin]) !== JSON.stringify([next.listen, next.admin])) {
    throw new Error('listen and admin can only be changed by a restart')
  }
}

/** Connections to upstreams outlive a release that still leads to them. */
function createUpstreamPool(): { to: (origin: string) => Upstream; keepOnly: (origins: ReadonlySet<string>) => void } {
  const pool = new Map<string, Upstream>()
  return {
    to(origin) {
      const upstream = pool.get(origin) ?? createUpstream(origin)
      pool.set(origin, upstream)
      return upstream
    },
    keepOnly(origins) {
      for (const [origin, upstream] of pool) {
        if (origins.has(origin)) continue
        pool.delete(origin)
        upstream.close()
      }
    },
  }
}
