import { type Balance, type Candidate, type PlaceKind, whoseTurn } from './balance.ts'
import type { Endpoint, Place, UpstreamGroup } from './contract.ts'
import type { HealthCheck } from './health-check.ts'
import type { Server } from './server.ts'

/** A server as one group sees it: groups share servers, and may check them differently. */
export class Member implements Candidate {
  readonly server: Server
  readonly check: HealthCheck | undefined

  constructor(server: Server, check: HealthCheck | undefined) {
    this.server = server
    this.check = check
  }

  get endpoint(): Endpoint {
    return this.server.endpoint
  }

  get load(): number {
    return this.server.load
  }

  isUp(): boolean {
    return this.server.isAvailable() && this.check?.isHealthy !== false
  }

  hasPlace(kind: PlaceKind): boolean {
    return this.server.hasPlace(kind)
  }
}

/** The servers of one or several routes that mean the same. */
export class Group implements UpstreamGroup {
  readonly members: readonly Member[]
  readonly #balance: Balance
  readonly #closed: (group: Group) => void
  #next = 0
  #hasLeft = false

  /** @param closed is told when the group is closed, and lets go of its servers */
  constructor(members: readonly Member[], balance: Balance, closed: (group: Group) => void) {
    this.members = members
    this.#balance = balance
    this.#closed = closed
    if (members.length > 1) for (const { server } of members) server.groupsWithOthers += 1
  }

  choose(kind: PlaceKind, tried: readonly Endpoint[]): Place | undefined {
    const at =
      this.members.length === 1 ? this.#only(kind) : whoseTurn(this.#balance, this.members, this.#next, kind, tried)
    const member = this.members[at]
    if (member === undefined) return undefined
    this.#next = (at + 1) % this.members.length
    return member.server.take(kind)
  }

  /** Begins to check health; does nothing when that has begun. */
  start(): void {
    for (const { check } of this.members) check?.start()
  }

  /** Its servers are not told apart in it any more. */
  leave(): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    if (this.members.length > 1) for (const { server } of this.members) server.groupsWithOthers -= 1
  }

  /** Endpoints and checks end with the last group that uses them. */
  close(): void {
    this.#closed(this)
  }

  #only(kind: PlaceKind): number {
    return this.members[0]?.hasPlace(kind) === true ? 0 : -1
  }
}
