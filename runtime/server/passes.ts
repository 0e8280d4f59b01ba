import { LRUCache } from 'lru-cache'

import { digest } from '../sessions/index.ts'
import type { Changed } from '../store/index.ts'

/** A store that has not said for so long what ended is asked again for each request, in milliseconds. */
const LONGEST_SILENCE_MS = 5_000

/** Of all passes together; a large one is a person's in hundreds of groups. */
const MAX_BYTES = 128 * 1024 * 1024

/** No pass is made for longer, in milliseconds: one that seems to be comes from before a clock was set back. */
const LONGEST_MS = 5 * 60_000

/** Of one browser at one host; what it uses comes back at the next request. */
const MAX_ROUTES = 32

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

/** Passes of a release, by the cookie that was shown for them. */
export interface Passes<Route, Grant> {
  /**
   * @param cookie the session cookie's value at an app's host; it is not hashed, which would cost as much as all else here
   * @param now milliseconds since 1970
   * @returns undefined where everything has to be asked
   */
  find(cookie: string, route: Route, now: number): Pass<Route, Grant> | undefined
  /** To be taken before the first thing is read that a pass will be made from. */
  mark(): number
  /** Keeps a pass, unless something changed since the mark: what was read may be from before. */
  add(mark: number, cookie: string, pass: Pass<Route, Grant>, now: number): void
  /** @param changed ids of host sessions */
  forget(changed: Changed): void
}

interface Holder<Route, Grant> {
  /** Of the host session. */
  id: string
  /** A browser has one host session for each host, and mostly one route there. */
  passes: readonly Pass<Route, Grant>[]
}

/** @param untoldFor how long ago the store last said what ended or changed, in milliseconds */
export function createPasses<Route extends object, Grant>(untoldFor: () => number): Passes<Route, Grant> {
  const cookies = new Map<string, string>()
  const byCookie = new LRUCache<string, Holder<Route, Grant>>({
    max: MAX_HOLDERS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ passes }) => passes.reduce((sum, { bytes }) => sum + bytes, 1),
    dispose: ({ id }, _, reason) => void (reason === 'set' || cookies.delete(id)),
  })
  let changes = 0

  return {
    find(cookie, route, now) {
      const holder = byCookie.get(cookie)
      if (holder === undefined) return undefined
      for (const pass of holder.passes) {
        if (pass.route !== route) continue
        const left = pass.until - now
        return left > 0 && left <= LONGEST_MS && untoldFor() < LONGEST_SILENCE_MS ? pass : undefined
      }
      return undefined
    },
    mark: () => changes,
    add(mark, cookie, pass, now) {
      if (mark !== changes) return
      const known = byCookie.peek(cookie)
      const id = known?.id ?? digest(cookie)
      cookies.set(id, cookie)
      const others = known?.passes.filter(({ route, until }) => route !== pass.route && until > now) ?? []
      byCookie.set(cookie, { id, passes: [...others.slice(1 - MAX_ROUTES), pass] })
    },
    forget(changed) {
      changes += 1
      if (changed === 'everything') return byCookie.clear()
      for (const id of changed) {
        const cookie = cookies.get(id)
        if (cookie !== undefined) byCookie.delete(cookie)
      }
    },
  }
}
