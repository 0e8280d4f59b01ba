/** A member that is a text; empty where it is none. */
export function textAt(properties: Record<string, unknown>, name: string): string {
  const value = properties[name]
  return typeof value === 'string' ? value : ''
}

/** A list of texts; empty where it is none. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
