import { createHash } from 'node:crypto'

import type { Logger } from 'pino'

import type { ForwardConfig } from '../config.ts'
import { loopbackLookup } from '../net/index.ts'
import type { Endpoint, UpstreamGroup } from './contract.ts'
import { Group, Member } from './group.ts'
import { HealthCheck } from './health-check.ts'
import { createHealthLog } from './health-log.ts'
import { createHttp1Endpoint } from './http1/index.ts'
import { createHttp2Endpoint } from './http2/index.ts'
import { Server } from './server.ts'
import { type UpstreamTls, upstreamTls } from './tls-options.ts'

/** How long a connection that nobody uses is kept, in milliseconds. */
const KEEP_ALIVE_MS = 30_000

/** What a server's metrics are made of. */
export interface UpstreamHealth {
  origin: string
  /** It takes its turn in every group that it is in. */
  healthy: boolean
  /** On their way to it now. */
  requests: number
  tunnels: number
}

/** All upstreams of a process. Connections, places and health outlive a release that still means the same servers. */
export interface Upstreams {
  /**
   * The group of a route: the one that there is already, where its configuration means the same. A group asks for nobody's
   * health before `keepOnly` has named it.
   * @param routeId names the secret `upstream-certificate.<route>`
   * @param secret gives a secret by name, and throws where it is missing
   * @throws Error when a certificate or key cannot be used; the message names the setting or secret, never its content
   */
  groupFor(routeId: string, config: ForwardConfig, secret: (name: string) => string): UpstreamGroup
  /**
   * Says which groups are in force: their health is checked from now on, and all others are closed, those of a release that was
   * refused among them.
   */
  keepOnly(used: ReadonlySet<UpstreamGroup>): void
  /** By origin; one that is reached in several ways is healthy when it is in each. */
  health(): UpstreamHealth[]
  /** Closes all groups: no request is broken off. */
  close(): void
}

export interface UpstreamsOptions {
  log: Pick<Logger, 'info' | 'warn'>
  /** In milliseconds, never backwards. */
  now?: () => number
  /** From 0 to 1, for the beginning of health checks. */
  random?: () => number
}

/** Makes the upstreams of a process, none at first. */
export function createUpstreams({
  log,
  now = () => performance.now(),
  random = Math.random,
}: UpstreamsOptions): Upstreams {
  const surroundings = { log: createHealthLog(log), now, random }
  const servers = new Map<string, Server>()
  const checks = new Map<string, HealthCheck>()
  const groups = new Map<string, Group>()

  const memberFor = (origin: string, config: ForwardConfig, tls: UpstreamTls): Member => {
    const key = serverKey(origin, config, tls)
    const server = kept(servers, key, () => new Server(createEndpoint(origin, config, tls), surroundings))
    const { healthCheck, rewrite } = config
    if (!healthCheck) return new Member(server, undefined)
    const { endpoint } = server
    const host = rewrite?.host ?? endpoint.host
    const check = kept(
      checks,
      digest([key, host, healthCheck]),
      () => new HealthCheck({ endpoint, config: healthCheck, host, ...surroundings }),
    )
    return new Member(server, check)
  }
  const sweep = (): void => {
    const members = [...groups.values()].flatMap((group) => group.members)
    for (const check of dropUnused(checks, new Set(members.map((member) => member.check)))) check.stop()
    for (const server of dropUnused(servers, new Set(members.map((member) => member.server)))) server.endpoint.close()
  }
  const close = (leaving: ReadonlySet<Group>): void => {
    for (const [key, group] of groups) if (leaving.has(group)) groups.delete(key)
    for (const group of leaving) group.leave()
    sweep()
  }

  return {
    groupFor(routeId, config, secret) {
      const tls = upstreamTls(routeId, config, secret)
      return kept(groups, groupKey(config, tls), () => {
        const members = [...new Set(config.upstreams)].map((origin) => memberFor(origin, config, tls))
        return new Group(members, config.balance, (group) => close(new Set([group])))
      })
    },
    keepOnly(used) {
      close(new Set([...groups.values()].filter((group) => !used.has(group))))
      for (const group of groups.values()) group.start()
    },
    health: () => healthByOrigin([...groups.values()].flatMap(({ members }) => members)),
    close: () => close(new Set(groups.values())),
  }
}

/** What a map has, made first where it is missing. */
function kept<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

/** Takes out of a map what is not in use, and gives it. */
function dropUnused<Value>(map: Map<string, Value>, used: ReadonlySet<Value | undefined>): Value[] {
  const unused = [...map].filter(([, value]) => !used.has(value))
  for (const [key] of unused) map.delete(key)
  return unused.map(([, value]) => value)
}

function createEndpoint(origin: string, { protocol, timeouts }: ForwardConfig, tls: UpstreamTls): Endpoint {
  const options = { origin, connectMs: timeouts.connectMs, keepAliveMs: KEEP_ALIVE_MS, tls, lookup: loopbackLookup }
  return protocol === 'http2' ? createHttp2Endpoint(options) : createHttp1Endpoint(options)
}

/** All that makes two routes' way to an origin the same. */
function serverKey(origin: string, { protocol, timeouts }: ForwardConfig, tls: UpstreamTls): string {
  return digest([origin, protocol, timeouts.connectMs, tls.ca, tls.serverName, tls.certificate])
}

function groupKey(config: ForwardConfig, tls: UpstreamTls): string {
  const { upstreams, balance, healthCheck, rewrite } = config
  const check = healthCheck && [healthCheck, rewrite?.host]
  return digest([upstreams.map((origin) => serverKey(origin, config, tls)), balance, check])
}

/** Keys stay in memory for as long as their group: the private key in one does not. */
function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function healthByOrigin(members: readonly Member[]): UpstreamHealth[] {
  const found = new Map<string, UpstreamHealth>()
  const counted = new Set<Server>()
  for (const { server, check } of members) {
    const { origin } = server.endpoint
    const health = found.get(origin) ?? { origin, healthy: true, requests: 0, tunnels: 0 }
    found.set(origin, health)
    health.healthy &&= check?.isHealthy !== false && server.isAvailable()
    if (counted.has(server)) continue
    counted.add(server)
    health.requests += server.used('requests')
    health.tunnels += server.used('tunnels')
  }
  return [...found.values()]
}
