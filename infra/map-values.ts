/** The same keys, each value converted. */
export function mapValues<Value, Result>(
  map: Record<string, Value>,
  convert: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value, key)]))
}
