import type { PlaceKind } from './balance.ts'
import type { Endpoint, Outcome, Place } from './contract.ts'
import { afterChoice, afterRequest, type EndpointHealth, isAvailable, UNTOUCHED_HEALTH } from './endpoint-health.ts'
import type { HealthLog } from './health-log.ts'

/** What may be at one server at a time. */
const LIMITS: Readonly<Record<PlaceKind, number>> = { requests: 4_096, tunnels: 4_096 }

/** One server of an app, shared by all groups that it is in: its endpoint, its places and what requests have shown of it. */
export class Server {
  readonly endpoint: Endpoint
  /** Groups in which another server could take its turn; without one it is not ejected. */
  groupsWithOthers = 0
  readonly #log: HealthLog
  readonly #now: () => number
  readonly #used = { requests: 0, tunnels: 0 }
  #health: EndpointHealth = UNTOUCHED_HEALTH

  /** @param now in milliseconds, never backwards */
  constructor(endpoint: Endpoint, { log, now }: { log: HealthLog; now: () => number }) {
    this.endpoint = endpoint
    this.#log = log
    this.#now = now
  }

  get load(): number {
    return this.#used.requests + this.#used.tunnels
  }

  used(kind: PlaceKind): number {
    return this.#used[kind]
  }

  hasPlace(kind: PlaceKind): boolean {
    return this.#used[kind] < LIMITS[kind]
  }

  isAvailable(): boolean {
    return isAvailable(this.#health, this.#now())
  }

  /** Takes a place that `hasPlace` has said to be free. */
  take(kind: PlaceKind): Place {
    const before = this.#health
    this.#health = afterChoice(before, this.#now())
    this.#used[kind] += 1
    return new TakenPlace(this, kind, before !== this.#health)
  }

  /** Gives a place back. */
  leave(kind: PlaceKind, outcome: Outcome, isTrial: boolean): void {
    this.#used[kind] -= 1
    const before = this.#health
    if (this.groupsWithOthers === 0 && before.kind === 'trusted') return
    const now = this.#now()
    const after = afterRequest(before, outcome, isTrial, now)
    this.#health = after
    if (after.kind === before.kind) return
    if (after.kind === 'ejected' && outcome === 'failed')
      this.#log.ejected(this.endpoint.origin, after.until - now, isTrial)
    else if (after.kind === 'trusted') this.#log.returned(this.endpoint.origin)
  }
}

class TakenPlace implements Place {
  readonly endpoint: Endpoint
  readonly #server: Server
  readonly #kind: PlaceKind
  readonly #isTrial: boolean
  #isHeld = true

  constructor(server: Server, kind: PlaceKind, isTrial: boolean) {
    this.endpoint = server.endpoint
    this.#server = server
    this.#kind = kind
    this.#isTrial = isTrial
  }

  release(outcome: Outcome): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#server.leave(this.#kind, outcome, this.#isTrial)
  }
}
