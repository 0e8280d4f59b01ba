import type { PathMatch } from '../../runtime/config.ts'
import { createPathTable, hostKeysOf } from '../../runtime/routes/index.ts'
import { pathMatch } from '../config/index.ts'
import type { Route } from './reading.ts'

/** Where a route is. */
interface Place {
  id: string
  keys: readonly string[]
  path: PathMatch
}

/** How many of a route's paths another one has. */
type Share = 'all' | 'some' | 'none'

/** Exact paths count before patterns, and these before prefixes. */
const ORDER = ['exact', 'pattern', 'prefix'] as const

/** Who answers from now on where others did, or nobody. */
export interface Heirs {
  /**
   * @param id of a route that was there before
   * @returns other routes that are asked now for what it answered; none where it is where it was
   */
  of(id: string): readonly string[]
  /**
   * Where the last route of a host goes, the wildcard above answers there, also what no route answered before.
   * @param id of a route that was there before; of several at one host the first says it for all
   */
  beside(id: string): readonly string[]
}

/** The gateway looks further where a route is gone, at the same host first and then at the wildcard above it. */
export function heirsBetween(before: ReadonlyMap<string, Route>, after: ReadonlyMap<string, Route>): Heirs {
  const [former, present] = [placesOf(before), placesOf(after)]
  const find = (id: string): Place | undefined => former.find((place) => place.id === id)
  return {
    of(id) {
      const left = find(id)
      if (!left || present.some((place) => isSamePlace(place, left))) return []
      return heirsOf(left, placesAt(left.keys, former), placesAt(left.keys, present))
    },
    beside(id) {
      const left = find(id)
      if (!left || present.some((place) => isShared(place.keys, left.keys))) return []
      const host = placesAt(left.keys, former)
      const isWhole = host.some(({ path }) => 'prefix' in path && path.prefix === '/')
      return isWhole || host[0] !== left ? [] : placesAt(left.keys, present).map((place) => place.id)
    },
  }
}

function placesOf(routes: ReadonlyMap<string, Route>): Place[] {
  return [...routes].map(([id, route]) => placeOf(id, route)).toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

function heirsOf(left: Place, former: readonly Place[], present: readonly Place[]): string[] {
  const ahead = former.filter((place) => rank(place, left) < 0)
  const candidates = present
    .filter((place) => !ahead.some((other) => isSamePlace(other, place)))
    .map((place) => ({ place, share: shareOf(left.path, place.path) }))
    .filter(({ share }) => share !== 'none')
    .toSorted((one, other) => rank(one.place, other.place))
  // Nobody behind the first that has all of it is ever asked.
  const last = candidates.findIndex(({ share }) => share === 'all')
  const asked = last === -1 ? candidates : candidates.slice(0, last + 1)
  return asked.map(({ place }) => place.id).filter((heir) => heir !== left.id)
}

/** A host that any route names is never looked for under the wildcard above it. */
function placesAt(keys: readonly string[], places: readonly Place[]): Place[] {
  const named = places.filter((place) => isShared(place.keys, keys))
  return named.length > 0 ? named : places.filter((place) => isShared(place.keys, keys.map(wildcardAbove)))
}

function placeOf(id: string, route: Route): Place {
  return { id, keys: hostKeysOf(route.from), path: pathMatch(route) }
}

function wildcardAbove(key: string): string {
  return key.startsWith('*') ? key : `*${key.slice(key.indexOf('.'))}`
}

function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.id === other.id && isShared(one.keys, other.keys) && JSON.stringify(one.path) === JSON.stringify(other.path)
  )
}

function isShared(keys: readonly string[], others: readonly string[]): boolean {
  return keys.some((key) => others.includes(key))
}

/** Negative where the one is asked before the other, both at one host. */
function rank(one: Place, other: Place): number {
  const [first, second] = [one, other].map(({ path }) => ORDER.findIndex((kind) => kind in path)) as [number, number]
  if (first !== second) return first - second
  if ('prefix' in one.path && 'prefix' in other.path) return other.path.prefix.length - one.path.prefix.length
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}

/** @returns how much of `left` the other has; where a pattern is in play nobody can tell, which is `some` */
export function shareOf(left: PathMatch, other: PathMatch): Share {
  if (JSON.stringify(left) === JSON.stringify(other) || ('prefix' in other && other.prefix === '/')) return 'all'
  if ('exact' in left) return takes(other, left.exact) ? 'all' : 'none'
  if ('exact' in other) return takes(left, other.exact) ? 'some' : 'none'
  if ('pattern' in left || 'pattern' in other) return 'some'
  if (takes(other, left.prefix)) return 'all'
  return takes(left, other.prefix) ? 'some' : 'none'
}

function takes(match: PathMatch, path: string): boolean {
  return createPathTable([{ name: '', path: match, value: true }]).find(path) === true
}
