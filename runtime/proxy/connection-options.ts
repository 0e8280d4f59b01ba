/** What nearly every message says about its connection names no field. */
export const NO_OPTIONS: ReadonlySet<string> = new Set()

/**
 * The names that a Connection header makes hop-by-hop, in lower case.
 * @param values all values of Connection
 * @see RFC 9110 §7.6.1
 */
export function connectionOptions(values: readonly string[]): ReadonlySet<string> {
  if (values.every((value) => value === 'keep-alive' || value === 'close')) return NO_OPTIONS
  return new Set(values.flatMap((value) => value.split(',')).map((option) => option.trim().toLowerCase()))
}
