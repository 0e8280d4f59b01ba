import { LRUCache } from 'lru-cache'

import type { Changed } from '../store/index.ts'

/** A store that has not said for so long what ended is asked again for each request, in milliseconds. */
const LONGEST_SILENCE_MS = 5_000

/** Of all passes together; a large one is a person's in hundreds of groups. */
const MAX_BYTES = 128 * 1024 * 1024

/** So many browsers, each with the passes of one host. */
const MAX_HOLDERS = 200_000

/**
 * What was decided about a session at a route. It holds until then, or until the session ends or changes, without anybody
 * being asked.
 */
export interface Pass<Route, Grant> {
  readonly route: Route
  readonly grant: Grant
  /** Milliseconds since 1970. */
  readonly until: number
  /** What it takes in memory, roughly. */
  readonly bytes: number
}

/** Passes of a release, by host session. */
export interface Passes<Route, Grant> {
  /**
   * @param hostSession id of a session at an app's host
   * @param now milliseconds since 1970
   * @returns undefined where everything has to be asked
   */
  find(hostSession: string, route: Route, now: number): Pass<Route, Grant> | undefined
  /** To be taken before the first thing is read that a pass will be made from. */
  mark(): number
  /** Keeps a pass, unless something changed since the mark: what was read may be from before. */
  add(mark: number, hostSession: string, pass: Pass<Route, Grant>): void
  forget(changed: Changed): void
}

/** @param untoldFor how long ago the store last said what ended or changed, in milliseconds */
export function createPasses<Route extends object, Grant>(untoldFor: () => number): Passes<Route, Grant> {
  // A browser has one host session for each host, and mostly one route there.
  const byHolder = new LRUCache<string, readonly Pass<Route, Grant>[]>({
    max: MAX_HOLDERS,
    maxSize: MAX_BYTES,
    sizeCalculation: (passes) => passes.reduce((sum, { bytes }) => sum + bytes, 1),
  })
  let changes = 0

  return {
    find(hostSession, route, now) {
      const passes = byHolder.get(hostSession)
      if (passes === undefined) return undefined
      for (const pass of passes) {
        if (pass.route !== route) continue
        return now < pass.until && untoldFor() < LONGEST_SILENCE_MS ? pass : undefined
      }
      return undefined
    },
    mark: () => changes,
    add(mark, hostSession, pass) {
      if (mark !== changes) return
      const others = byHolder.peek(hostSession)?.filter(({ route }) => route !== pass.route) ?? []
      byHolder.set(hostSession, [...others, pass])
    },
    forget(changed) {
      changes += 1
      if (changed === 'everything') byHolder.clear()
      else for (const id of changed) byHolder.delete(id)
    },
  }
}
