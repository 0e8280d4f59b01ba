import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type Socket } from 'node:net'

import { loopbackLookup } from '../net/index.ts'

/** Times are in milliseconds. */
export interface UpstreamLimits {
  /** For a connection, TLS included. */
  connectMs: number
  /** From the request's last byte to the answer's first. */
  firstByteMs: number
  /** Without a byte in either direction; there is no limit on how long an exchange lasts. */
  idleMs: number
  /** How long an unused connection is kept. */
  keepAliveMs: number
  /** Requests at one time. */
  requests: number
  /** WebSockets at one time. */
  tunnels: number
}

const DEFAULT_LIMITS: UpstreamLimits = {
  connectMs: 5_000,
  firstByteMs: 60_000,
  idleMs: 300_000,
  keepAliveMs: 30_000,
  requests: 4_096,
  tunnels: 4_096,
}

export interface OutgoingRequest {
  method: string
  target: string
  /** Name, value, name, value. */
  headers: string[]
  /** On a connection of its own. */
  fresh: boolean
}

/** Where a route leads: its connections and how many may be in use. */
export interface Upstream {
  readonly origin: string
  /** As a Host header: without a default port. */
  readonly host: string
  readonly limits: UpstreamLimits
  /** Starts a request; it has errors and answers as its events. @throws TypeError when it cannot be written as HTTP */
  request(outgoing: OutgoingRequest): http.ClientRequest
  /** Takes a place; undefined when all are taken. The function gives it back; calling it again does nothing. */
  acquire(kind: 'requests' | 'tunnels'): (() => void) | undefined
  /** Ends idle connections now and busy ones after their exchange, so that a reload drops no request. */
  close(): void
}

/**
 * Makes the client side of a route: node:http, because undici 8 destroys a connection on an upstream's `100 Continue`
 * and cannot send request trailers.
 * @param to the upstream's origin, http or https
 * @param limits what differs from the defaults
 * @throws TypeError when `to` is no URL
 */
export function createUpstream(to: string, limits: Partial<UpstreamLimits> = {}): Upstream {
  const url = new URL(to)
  const bounds = { ...DEFAULT_LIMITS, ...limits }
  const { request, Agent } = url.protocol === 'https:' ? https : http
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const target = {
    host: hostname,
    port: url.port === '' ? undefined : url.port,
    // Never from the Host header, which may be the public one; an address is no server name (RFC 6066 §3).
    servername: isIP(hostname) === 0 ? hostname : '',
    lookup: loopbackLookup,
  }
  const pool = new Agent({ keepAlive: true, timeout: bounds.keepAliveMs })
  const single = new Agent({ keepAlive: false })
  const used = { requests: 0, tunnels: 0 }
  return {
    origin: url.origin,
    host: url.host,
    limits: bounds,
    // Nothing is added by Node: headers are ours to write, down to Host and framing.
    request: ({ method, target: path, headers, fresh }) =>
      request({ ...target, agent: fresh ? single : pool, method, path, headers, setDefaultHeaders: false }),
    acquire: (kind) => acquirePlace(used, kind, bounds[kind]),
    close: () => {
      pool.on('free', (socket: Socket) => socket.destroy())
      for (const socket of Object.values(pool.freeSockets).flat()) socket?.destroy()
    },
  }
}

function acquirePlace<Kind extends string>(
  used: Record<Kind, number>,
  kind: Kind,
  limit: number,
): (() => void) | undefined {
  if (used[kind] >= limit) return undefined
  used[kind] += 1
  let held = true
  return () => {
    if (held) used[kind] -= 1
    held = false
  }
}
