import { isProperties, type Properties, type PropertyPath, type PropertyValue } from './properties.ts'

export type ChangeKind = 'add' | 'delete' | 'update'

/** One line of a detailed diff. */
export interface PropertyChange {
  path: PropertyPath
  kind: ChangeKind
  /** The resource has to be made anew for this change. */
  replaces: boolean
}

/** How a resource type wants its properties compared. */
export interface DiffRules {
  /** Top-level properties that cannot be changed in place. */
  replaceOn: readonly string[]
  /** Top-level lists in which order means nothing. */
  unordered: readonly string[]
}

/**
 * Compares recorded with wanted inputs, down to the single property.
 * @param before inputs of the state
 * @param after inputs of the program; unknown values differ from every known one
 */
export function diffProperties(before: Properties, after: Properties, rules: DiffRules): PropertyChange[] {
  return unionOfKeys(before, after).flatMap((key) => {
    if (rules.unordered.includes(key) && sameMembers(before[key], after[key])) return []
    return compare(before[key], after[key], [key]).map((change) => ({
      ...change,
      replaces: rules.replaceOn.includes(key),
    }))
  })
}

/**
 * Whether two lists of strings hold the same members, whatever their order.
 * @returns false as soon as one of the two is not a list of strings
 */
export function sameMembers(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  if (!isStrings(left) || !isStrings(right) || left.length !== right.length) return false
  const sorted = right.toSorted()
  return left.toSorted().every((member, index) => member === sorted[index])
}

/**
 * Puts a server's list into the order of the recorded one, so that a change in it reads as that change alone.
 * @param before as recorded
 * @param now as found, in whatever order
 */
export function alignTo<Member>(before: readonly Member[], now: readonly Member[]): Member[] {
  const fresh = now.filter((member) => !before.includes(member))
  const aligned = before.map((member) => (now.includes(member) ? member : fresh.shift()))
  return [...aligned.filter((member) => member !== undefined), ...fresh]
}

/**
 * Writes a path as the engine reads it: `redirectUris[0]`, `config["log level"].x`.
 * @see https://www.pulumi.com/docs/iac/concepts/miscellaneous/property-paths/
 */
export function formatPath(path: PropertyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${text}["${step.replace(/["\\]/g, String.raw`\$&`)}"]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

type Difference = Omit<PropertyChange, 'replaces'>

function compare(
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
  path: PropertyPath,
): Difference[] {
  if (before === after) return []
  if (before === undefined) return [{ path, kind: 'add' }]
  if (after === undefined) return [{ path, kind: 'delete' }]
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length)
    return Array.from({ length }, (_, index) => compare(before[index], after[index], [...path, index])).flat()
  }
  if (isProperties(before) && isProperties(after)) {
    return unionOfKeys(before, after).flatMap((key) => compare(before[key], after[key], [...path, key]))
  }
  return [{ path, kind: 'update' }]
}

function unionOfKeys(left: Properties, right: Properties): string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
}

function isStrings(value: PropertyValue | undefined): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
