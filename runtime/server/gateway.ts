import { createPasswordHasher } from '../accounts/index.ts'
import { reconcileAccounts } from '../authenticate/index.ts'
import type { CoreContext } from '../cluster/index.ts'
import { createPublicListener, type ListenerHandlers, type PublicListener } from '../listen/index.ts'
import { oneLine, type Program } from '../program/index.ts'
import { createUpstreams, type Upstreams } from '../upstreams/index.ts'
import { dispatch } from './dispatch.ts'
import { asRefusal, Exchange, refuseWith } from './exchange.ts'
import { type GatewayRelease, loadRelease } from './release.ts'
import { createStores } from './stores.ts'
import { createUpgrades, type Upgrades } from './upgrades.ts'

const SWEEP_MS = 60_000

/** How long requests that began with a release may still send mail by it once another is in force, in milliseconds. */
const MAILER_FAREWELL_MS = 30_000

/** The gateway as a program: what lives as long as the process, and the release in force. */
export async function startGateway(context: CoreContext): Promise<Program> {
  const { dataFolder, log, readiness, metrics } = context
  const stores = createStores(dataFolder, log, (changed) => {
    current?.passes.forget(changed)
    serving?.upgrades.recheck(changed)
  })
  metrics.watch({ store: () => stores.abilities() })
  const upstreams = createUpstreams({ log })
  const passwords = createPasswordHasher()
  let current: GatewayRelease | undefined
  let serving: Serving | undefined
  const inForce = (): GatewayRelease => {
    if (!current) throw new Error('no release is in force')
    return current
  }
  let sweeping: Promise<void> | undefined
  let reconciling: Promise<void> | undefined
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
        metrics,
        openStore: (config, secret) => stores.open(config, secret),
        upstreams,
        passwords,
      })
      if (current) requireSameAddress(current, next)
      serving ??= serve(context, upstreams, inForce)
      await serving.listener.use(next.config)
      const before = current
      current = next
      if (!before) await serving.listener.listen(next.config.listen)
      // Whoever is still served by it keeps it, but not what it knew of others.
      before?.passes.forget('everything')
      upstreams.keepOnly(next.groups)
      metrics.keepRoutes(new Set(Object.keys(next.config.routes)))
      stores.keepOnly(next.context.store)
      // What the new release makes of what is there: sessions may be over by its lifetimes, or sealed under its old key.
      serving.upgrades.recheck('everything')
      void Promise.resolve(sweeping)
        .then(() => before?.context.sessions.settled())
        .then(sweep)
      const mailer = before?.context.mailer
      if (mailer) setTimeout(() => mailer.close(), MAILER_FAREWELL_MS).unref()
      reconciling = reconcileAccounts(next.context).catch((error: unknown) => {
        log.error({ error: oneLine(error) }, 'The accounts that the configuration names could not be made')
      })
    },
    async drain() {
      clearInterval(sweeper)
      serving?.upgrades.close()
      await serving?.listener.close()
      await current?.context.sessions.settled()
      // What it was sending fails at once.
      current?.context.mailer?.close()
      await reconciling
      upstreams.close()
      await stores.close()
      log.info({ status: readiness.status }, 'Drained')
    },
  }
}

interface Serving {
  listener: PublicListener
  upgrades: Upgrades
}

function serve({ log, metrics }: CoreContext, upstreams: Upstreams, inForce: () => GatewayRelease): Serving {
  const upgrades = createUpgrades(inForce)
  const surroundings = { log, metrics }
  const handlers: ListenerHandlers = {
    request(request, response) {
      const exchange = new Exchange(request, response, inForce(), surroundings)
      const fail = (error: unknown): void => giveUp(exchange, error)
      try {
        dispatch(exchange)?.catch(fail)
      } catch (error) {
        fail(error)
      }
    },
    upgrade(request, response) {
      const exchange = new Exchange(request, response, inForce(), surroundings)
      void upgrades.handle(exchange).catch((error: unknown) => giveUp(exchange, error))
    },
  }
  const listener = createPublicListener(handlers, log)
  metrics.watch({ certificates: () => listener.expiries(), upstreams: () => upstreams.health() })
  return { listener, upgrades }
}

/** Says no to what nobody expected; where even that fails, the exchange ends. */
function giveUp(exchange: Exchange, error: unknown): void {
  refuseWith(exchange, undefined, asRefusal(error)).catch(() => exchange.response.destroy())
}

/** A release with another address needs a restart; its sender knows (`local.Process` restarts for a changed `listen`). */
function requireSameAddress({ config: serving }: GatewayRelease, { config: next }: GatewayRelease): void {
  if (JSON.stringify(serving.listen) !== JSON.stringify(next.listen)) {
    throw new Error('listen can only be changed by a restart')
  }
}
