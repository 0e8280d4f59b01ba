import { digest } from '../../sessions/index.ts'
import type { Changed } from '../../store/index.ts'
import { type GrantBytes, PassTable } from './table.ts'

/** A store that has not said for so long what ended is asked again for each request, in milliseconds. */
const LONGEST_SILENCE_MS = 5_000

/** No pass is made for longer, in milliseconds. */
const LONGEST_MS = 5 * 60_000

/**
 * What was decided about a session at a route. It holds until then, or until the session ends or changes, without anybody
 * being asked.
 */
export interface Pass<Route, Grant> {
  readonly route: Route
  readonly grant: Grant
  /** Milliseconds since 1970. */
  readonly until: number
  /** What the grant takes in memory while it is an object, roughly. */
  readonly bytes: number
}

/** Passes of a release, by the cookie that was shown for them. */
export interface Passes<Route, Grant> {
  /**
   * @param cookie the session cookie's value at an app's host; its SHA-256 would cost as much as all else here
   * @param now milliseconds since 1970
   * @returns undefined where everything has to be asked
   */
  find(cookie: string, route: Route, now: number): Grant | undefined
  /** To be taken before the first thing is read that a pass will be made from. */
  mark(): number
  /** Keeps a pass, unless something changed since the mark: what was read may be from before. */
  add(mark: number, cookie: string, pass: Pass<Route, Grant>, now: number): void
  /** @param changed ids of host sessions */
  forget(changed: Changed): void
}

/**
 * @param untoldFor how long ago the store last said what ended or changed, in milliseconds
 * @param grants in few bytes, where there are many
 */
export function createPasses<Route extends object, Grant>(
  untoldFor: () => number,
  grants: GrantBytes<Grant>,
): Passes<Route, Grant> {
  const table = new PassTable(grants, LONGEST_MS)
  const places = new WeakMap<Route, number>()
  let placed = 0
  let changes = 0

  function placeOf(route: Route): number {
    const known = places.get(route)
    if (known !== undefined) return known
    placed += 1
    places.set(route, placed)
    return placed
  }

  const isHeard = (): boolean => untoldFor() < LONGEST_SILENCE_MS
  return {
    find: (cookie, route, now) => (isHeard() ? table.find(cookie, placeOf(route), now) : undefined),
    mark: () => changes,
    add(mark, cookie, { route, ...pass }, now) {
      if (mark !== changes || !isHeard()) return
      table.add({ ...pass, cookie, id: digest(cookie), place: placeOf(route) }, now)
    },
    forget(changed) {
      changes += 1
      if (changed === 'everything') return table.clear()
      for (const id of changed) table.forget(id)
    },
  }
}
