import { LRUCache } from 'lru-cache'

import { originHostKeys } from '../wire/index.ts'

/** What is there at one host. */
export interface HostEntry<T> {
  /** `scheme://host[:port]`, or `scheme://*.domain[:port]` for every host that has exactly one label more. */
  from: string
  value: T
}

/** What was found for a request's host. */
export interface HostMatch<T> {
  /** Of the host itself: under a wildcard the one that was asked for. */
  origin: string
  value: T
}

/** A table from host to what is there; a look-up costs the same for any number of hosts. */
export interface HostTable<T> {
  /** @param key as `hostKey` gives it */
  find(key: string): HostMatch<T> | undefined
}

/** Hosts below wildcards that are remembered; others are only made again. */
const MAX_REMEMBERED = 4_096

/**
 * A host that is named counts before a wildcard that has it, too (RFC 6125 §6.4.3 reads `*` the same: one whole label).
 * @throws Error when two entries claim one host
 */
export function createHostTable<T>(entries: readonly HostEntry<T>[]): HostTable<T> {
  const exact = new Map<string, HostMatch<T>>()
  const wildcards = new Map<string, HostEntry<T>>()
  for (const entry of entries) {
    for (const key of hostKeysOf(entry.from)) {
      if (exact.has(key) || wildcards.has(key)) throw new Error(`two sites claim ${key}`)
      if (isWildcard(entry.from)) wildcards.set(key, entry)
      else exact.set(key, { origin: entry.from, value: entry.value })
    }
  }
  // A match is one object for as long as it is remembered: what is made for a host can be kept by it.
  const remembered = new LRUCache<string, HostMatch<T>>({ max: MAX_REMEMBERED })
  return {
    find(key) {
      const named = exact.get(key)
      if (named || wildcards.size === 0) return named
      const known = remembered.get(key)
      if (known) return known
      const dot = key.indexOf('.')
      const entry = dot > 0 ? wildcards.get(`*${key.slice(dot)}`) : undefined
      const origin = entry && concreteOrigin(entry.from, key.slice(0, dot))
      if (!entry || origin === undefined) return undefined
      const match = { origin, value: entry.value }
      remembered.set(key, match)
      return match
    },
  }
}

/** Whether an origin stands for many hosts. */
export function isWildcard(from: string): boolean {
  return from.includes('://*.')
}

/**
 * Every key under which requests may arrive; for a wildcard with `*` as the first label.
 * @param from an origin or a wildcard origin
 */
export function hostKeysOf(from: string): readonly string[] {
  if (!isWildcard(from)) return originHostKeys(from)
  // A name that URL takes stands in for the star, which it does not.
  return originHostKeys(from.replace('*', 'any')).map((key) => key.replace('any', '*'))
}

/**
 * Whether an origin is the one that `from` names, or one that its wildcard has. Addresses to which people are sent back
 * are held against this.
 */
export function coversOrigin(from: string, origin: string): boolean {
  if (!isWildcard(from)) return from === origin
  const [before = '', after = ''] = from.split('*')
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false
  const label = origin.slice(before.length, origin.length - after.length)
  return concreteOrigin(from, label) === origin
}

/**
 * @returns undefined for a label that no browser would ask for: an address bar spells hosts as URL does, and no name has a
 *   longer one than 63 characters (RFC 1035 §2.3.4)
 */
function concreteOrigin(wildcard: string, label: string): string | undefined {
  if (!/^[a-z0-9_-]{1,63}$/.test(label)) return undefined
  const origin = wildcard.replace('*', label)
  return URL.parse(origin)?.origin === origin ? origin : undefined
}
