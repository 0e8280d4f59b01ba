/**
 * Finds what somebody probably meant to write.
 * @returns the known word with the fewest edits, when those are few for its length; else nothing
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const ranked = [...known]
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(2, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined
}

/** @returns `: did you mean …?`, or nothing where nothing is near */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearest(word, known)
  return near === undefined ? '' : `: did you mean ${near}?`
}

/** Levenshtein distance: inserted, removed and changed characters. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, char] of from.split('').entries()) {
    const current = [row + 1]
    for (const [column, other] of to.split('').entries()) {
      const changed = (previous[column] ?? 0) + (char === other ? 0 : 1)
      current.push(Math.min(changed, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
