import type { Endpoint } from './contract.ts'

export type Balance = 'round_robin' | 'least_requests'
export type PlaceKind = 'requests' | 'tunnels'

/** A server as it is chosen by. */
export interface Candidate {
  readonly endpoint: Endpoint
  /** Requests and tunnels that are at it. */
  readonly load: number
  /** Whether it is taken to be well. */
  isUp(): boolean
  hasPlace(kind: PlaceKind): boolean
}

/**
 * Whose turn it is. One that is up comes before one that is not, which is asked only where none is up; then one that was not
 * tried; then by `balance`, and by turns where that says nothing.
 * @param next where the turn is; afterwards the one behind the chosen one has it
 * @param tried by the same request before
 * @returns an index; -1 when all places are taken that may be
 */
export function whoseTurn(
  balance: Balance,
  candidates: readonly Candidate[],
  next: number,
  kind: PlaceKind,
  tried: readonly Endpoint[],
): number {
  let best = -1
  let bestRank = Infinity
  let bestLoad = Infinity
  let isAnyUp = false
  for (let step = 0; step < candidates.length; step += 1) {
    const at = (next + step) % candidates.length
    const candidate = candidates[at]
    if (candidate === undefined) continue
    const isUp = candidate.isUp()
    isAnyUp ||= isUp
    if (!candidate.hasPlace(kind)) continue
    const rank = (isUp ? 0 : 2) + (tried.includes(candidate.endpoint) ? 1 : 0)
    const load = balance === 'least_requests' ? candidate.load : 0
    if (rank > bestRank || (rank === bestRank && load >= bestLoad)) continue
    best = at
    bestRank = rank
    bestLoad = load
  }
  // Those that are up are full: what they cannot take would only finish off the others.
  return isAnyUp && bestRank >= 2 ? -1 : best
}
