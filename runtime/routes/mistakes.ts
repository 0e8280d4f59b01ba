import type { PathMatch } from '../config.ts'
import { canonicalTarget } from '../wire/index.ts'
import { hostKeysOf } from './hosts.ts'
import { wholePath } from './paths.ts'
import { looseReading } from './reading.ts'

/** What of a route is held against the others. */
export interface PlacedRoute {
  brand: string
  from: string
  path: PathMatch
}

/** A route that cannot be where it is. */
export interface RouteConflict {
  route: string
  field: 'from' | 'path'
  /** What is wrong, with the other route's name. */
  message: string
}

/** Of a pattern; one of many alternatives can take megabytes. */
const MAX_PATTERN = 500

/**
 * Says what is wrong with a path by itself. One that is not in its one spelling would never be met by any request, and one that
 * less careful servers read otherwise could not be told from its neighbours.
 * @returns undefined when it is right
 */
export function pathMistake(match: PathMatch): string | undefined {
  if ('pattern' in match) return patternMistake(match.pattern)
  const path = 'exact' in match ? match.exact : match.prefix
  const canonical = canonicalTarget(path, { allowEncodedSlash: false })
  if ('code' in canonical) return `no request can have this path: ${canonical.reason}`
  if (canonical.query !== '') return 'a query takes no part in matching: leave out ? and what follows'
  const plain = looseReading(canonical.path)
  if (plain !== path) return `write it in the spelling that requests are brought into: ${plain}`
  if ('prefix' in match && path !== '/' && path.endsWith('/')) {
    return `a prefix is of whole segments: write ${path.slice(0, -1)}`
  }
  return undefined
}

/**
 * Finds routes that two answers could be given for: one host of two brands, under two schemes or ports that requests do not
 * tell apart, or one path twice.
 * @param routes by id, in their order
 */
export function routeConflicts(routes: Readonly<Record<string, PlacedRoute>>): RouteConflict[] {
  const hosts = new Map<string, { id: string; brand: string; from: string }>()
  const places = new Map<string, string>()
  return Object.entries(routes).flatMap(([id, { brand, from, path }]): RouteConflict[] => {
    const keys = hostKeysOf(from)
    const other = keys
      .map((key) => hosts.get(key))
      .find((found) => found && (found.from !== from || found.brand !== brand))
    if (other) return [{ route: id, field: 'from', message: hostMessage(other, from) }]
    for (const key of keys) if (!hosts.has(key)) hosts.set(key, { id, brand, from })
    const place = `${from} ${JSON.stringify(path)}`
    const taken = places.get(place)
    if (taken === undefined) places.set(place, id)
    return taken === undefined
      ? []
      : [{ route: id, field: 'path', message: `${taken} has this path of ${from} already` }]
  })
}

function hostMessage(other: { id: string; from: string }, from: string): string {
  if (other.from === from)
    return `${from} belongs to another brand at ${other.id}: all routes of a host are of one brand`
  return `requests do not tell it from ${other.from} of ${other.id}: give both routes one origin`
}

function patternMistake(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN) return `a pattern has at most ${MAX_PATTERN} characters`
  try {
    wholePath(pattern)
    return undefined
  } catch (error) {
    return `not an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`
  }
}
