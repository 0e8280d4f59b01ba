import type { PathMatch } from '../config.ts'
import { createPathTable, type PathEntry, wholePathInAnyCase } from './paths.ts'
import { foldedReading } from './reading.ts'

/** What is where for a server that takes many spellings of a path for one. */
export interface FoldedTable<T> {
  /**
   * @param reading as `foldedReading` gives it
   * @param hasSlash the path itself ends in a slash, which a pattern may ask for
   * @returns several where they differ in spelling alone
   */
  find(reading: string, hasSlash: boolean): readonly T[]
}

const NOTHING: readonly never[] = []

/** @throws Error for a pattern that is not RE2 */
export function createFoldedTable<T>(entries: readonly PathEntry<T>[]): FoldedTable<T> {
  const folded = entries.map((entry) => ({ ...entry, path: foldedMatch(entry.path) }))
  // Two patterns are never known to be one; their order is that of their names.
  const places = Map.groupBy(folded, ({ path, name }) => JSON.stringify('pattern' in path ? name : path))
  const groups = [...places.values()].flatMap((group): PathEntry<T[]>[] => {
    const [first] = group
    return first ? [{ name: first.name, path: first.path, value: group.map(({ value }) => value) }] : []
  })
  const table = createPathTable(groups, wholePathInAnyCase)
  return { find: (reading, hasSlash) => table.find(reading, hasSlash ? `${reading}/` : undefined) ?? NOTHING }
}

/** Whether a path is spelled as its folded reading is. */
export function isFolded(match: PathMatch): boolean {
  // Of a pattern, classes such as `\S` and escapes such as `%C3` are no upper case.
  if ('pattern' in match) return !/[A-Z]/.test(match.pattern.replace(/\\.|%[0-9A-F]{2}/g, ''))
  const path = 'exact' in match ? match.exact : match.prefix
  return foldedReading(path) === path
}

function foldedMatch(match: PathMatch): PathMatch {
  if ('exact' in match) return { exact: foldedReading(match.exact) }
  return 'prefix' in match ? { prefix: foldedReading(match.prefix) } : match
}
