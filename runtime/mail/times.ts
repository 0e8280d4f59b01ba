import { type Language, LANGUAGES } from '../languages/index.ts'

const STYLE: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZone: 'UTC',
  // Named, since nobody knows where the reader is.
  timeZoneName: 'short',
}

const formats = new Map(LANGUAGES.map((language) => [language, new Intl.DateTimeFormat(language, STYLE)]))

/**
 * A moment for reading, to the minute, in UTC and saying so.
 * @param time in milliseconds since 1970
 * @throws RangeError when that is no time
 */
export function formatTime(language: Language, time: number): string {
  return (formats.get(language) ?? new Intl.DateTimeFormat(language, STYLE)).format(time)
}
