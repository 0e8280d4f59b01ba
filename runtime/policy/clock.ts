/**
 * A clock on the wall of a time zone.
 * @param timeZone of the IANA database, or UTC
 * @returns tells the time of day there, like `09:05:00`
 * @throws RangeError for a zone that nobody knows
 */
export function createClock(timeZone: string): (time: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', hourCycle: 'h23' })
  return (time) => format.format(time)
}
