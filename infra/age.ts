const DAY_MS = 24 * 60 * 60 * 1000

/**
 * How old something is, in whole days.
 * @param since ISO time
 * @param nowMs milliseconds since 1970
 */
export function ageInDays(since: string, nowMs: number): number {
  return Math.floor((nowMs - Date.parse(since)) / DAY_MS)
}
