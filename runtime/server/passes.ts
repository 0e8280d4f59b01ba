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

/** What is kept of a browser at a host: its latest pass, and from there the ones before. Most have one. */
interface Kept<Route, Grant> extends Pass<Route, Grant> {
  /** Of the host session. */
  readonly id: string
  readonly before: Kept<Route, Grant> | undefined
}

/** @param untoldFor how long ago the store last said what ended or changed, in milliseconds */
export function createPasses<Route extends object, Grant>(untoldFor: () => number): Passes<Route, Grant> {
  const cookies = new Map<string, string>()
  const byCookie = new LRUCache<string, Kept<Route, Grant>>({
    max: MAX_HOLDERS,
    maxSize: MAX_BYTES,
    sizeCalculation: (latest) => passesFrom(latest).reduce((sum, { bytes }) => sum + bytes, 1),
    dispose: ({ id }, _, reason) => void (reason === 'set' || cookies.delete(id)),
  })
  let changes = 0

  return {
    find(cookie, route, now) {
      let pass = byCookie.get(cookie)
      while (pass !== undefined && pass.route !== route) pass = pass.before
      if (pass === undefined) return undefined
      const left = pass.until - now
      return left > 0 && left <= LONGEST_MS && untoldFor() < LONGEST_SILENCE_MS ? pass : undefined
    },
    mark: () => changes,
    add(mark, cookie, pass, now) {
      if (mark !== changes) return
      const latest = byCookie.peek(cookie)
      const id = latest?.id ?? digest(cookie)
      const others = passesFrom(latest).filter(({ route, until }) => route !== pass.route && until > now)
      const key = cookies.get(id) ?? flat(cookie)
      cookies.set(id, key)
      const before = others.slice(0, MAX_ROUTES - 1).reduceRight<Kept<Route, Grant> | undefined>(linked, undefined)
      byCookie.set(key, { ...pass, id, before })
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

/** @returns the latest first */
function passesFrom<Route, Grant>(latest: Kept<Route, Grant> | undefined): Kept<Route, Grant>[] {
  const passes: Kept<Route, Grant>[] = []
  for (let pass = latest; pass !== undefined; pass = pass.before) passes.push(pass)
  return passes
}

function linked<Route, Grant>(before: Kept<Route, Grant> | undefined, pass: Kept<Route, Grant>): Kept<Route, Grant> {
  return { ...pass, before }
}

/** A part of a Cookie header would keep all of the header in memory. */
function flat(cookie: string): string {
  return Buffer.from(cookie, 'latin1').toString('latin1')
}
