import type { Properties } from '../../../../infra/provider/properties.ts'
import type { CheckFailure } from '../../../../infra/provider/resource-type.ts'

/** A failure for each of the names that has no value. */
export function required(inputs: Properties, ...names: string[]): CheckFailure[] {
  return names
    .filter((name) => inputs[name] === undefined)
    .map((property) => ({ property, reason: `Missing required argument: ${property}` }))
}

/** A property that is a text; an empty one where it is none. */
export function text(properties: Properties, name: string): string {
  const value = properties[name]
  return typeof value === 'string' ? value : ''
}
