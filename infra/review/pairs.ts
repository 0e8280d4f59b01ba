/** One thing as it was and as it is to be; one of the two is missing where it comes or goes. */
export interface Pair<T> {
  id: string
  before: T | undefined
  after: T | undefined
}

/** @returns what either map has, by name: a stack file's maps have no order */
export function pairs<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): Pair<T>[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .map((id) => ({ id, before: before.get(id), after: after.get(id) }))
}

/** @returns what is only in the second list, and what is only in the first, in alphabetical order */
export function difference(
  before: readonly string[],
  after: readonly string[],
): { added: string[]; removed: string[] } {
  return {
    added: after.filter((item) => !before.includes(item)).toSorted(),
    removed: before.filter((item) => !after.includes(item)).toSorted(),
  }
}
