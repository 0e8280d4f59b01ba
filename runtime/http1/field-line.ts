import { isToken } from './characters.ts'

/** Messages have few names; what a hostile sender makes up finds the map full. */
const known = new Map<string, string>()
const MAX_NAMES = 1_000

/** @returns how the line of a field begins: its name, the colon and a space; undefined where the name is no token */
export function beginLine(name: string): string | undefined {
  const before = known.get(name)
  if (before !== undefined) return before
  if (!isToken(name)) return undefined
  const begun = `${name}: `
  if (known.size < MAX_NAMES) known.set(name, begun)
  return begun
}
