import { RE2JS } from 're2js'

import type { PathMatch } from '../config.ts'

/** One way to reach something at a host. */
export interface PathEntry<T> {
  /** Patterns are asked in the order of names. */
  name: string
  path: PathMatch
  value: T
}

/** What is where at one host. */
export interface PathTable<T> {
  /**
   * An exact path counts before a pattern, that before a prefix, and a longer prefix before a shorter one. Only patterns cost
   * more when there are more of them.
   * @param path the canonical one, without query
   * @param also another text that patterns may match instead of the path
   */
  find(path: string, also?: string): T | undefined
}

/**
 * @param compile makes the test of a pattern
 * @throws Error for a pattern that is not RE2, or two entries of one exact path or prefix
 */
export function createPathTable<T>(entries: readonly PathEntry<T>[], compile = wholePath): PathTable<T> {
  const exact = new Map<string, T>()
  const prefixes = new Map<string, T>()
  const patterns: { matches: (path: string) => boolean; value: T }[] = []
  let deepest = 0
  for (const { path, value } of entries.toSorted(byName)) {
    if ('exact' in path) add(exact, path.exact, value)
    else if ('pattern' in path) patterns.push({ matches: compile(path.pattern), value })
    else {
      add(prefixes, path.prefix, value)
      deepest = Math.max(deepest, depthOf(path.prefix))
    }
  }
  return {
    find(path, also) {
      const named = exact.get(path)
      if (named !== undefined) return named
      for (const { matches, value } of patterns) {
        if (matches(path) || (also !== undefined && matches(also))) return value
      }
      return longestPrefix(prefixes, deepest, path)
    },
  }
}

/**
 * Makes the test of a pattern, which must match a path from its beginning to its end.
 * @throws Error when the pattern is not RE2
 */
export function wholePath(pattern: string): (path: string) => boolean {
  const compiled = RE2JS.compile(pattern)
  return (path) => compiled.testExact(path)
}

/**
 * The same for whoever takes upper and lower case for one.
 * @throws Error when the pattern is not RE2
 */
export function wholePathInAnyCase(pattern: string): (path: string) => boolean {
  const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
  return (path) => compiled.testExact(path)
}

/** How many segments a prefix has; `/` has none. */
function depthOf(prefix: string): number {
  return prefix === '/' ? 0 : prefix.split('/').length - 1
}

/** Walks from boundary to boundary no deeper than any prefix goes, so that a path of a thousand segments costs no more. */
function longestPrefix<T>(prefixes: ReadonlyMap<string, T>, deepest: number, path: string): T | undefined {
  let found = prefixes.get('/')
  let end = 0
  for (let depth = 0; depth < deepest && end < path.length; depth += 1) {
    end = path.indexOf('/', end + 1)
    if (end === -1) end = path.length
    found = prefixes.get(path.slice(0, end)) ?? found
  }
  return found
}

function add<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.has(key)) throw new Error(`two routes have the path ${key} of one host`)
  map.set(key, value)
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}
