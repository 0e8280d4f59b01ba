import type { Properties, PropertyValue } from '../../../../infra/provider/properties.ts'
import { sameMembers } from '../../../../infra/provider/property-diff.ts'

/**
 * What the program would have to say to get what is there: the inputs that it gave, with the values of now.
 * @param outputs what is there
 * @param inputs those of the state; none when the resource is imported
 * @param unordered lists that keep their order as long as the members are the same
 * @param known names that are inputs at all
 */
export function asInputs(
  outputs: Properties,
  inputs: Properties,
  unordered: readonly string[],
  known: ReadonlySet<string>,
): Properties {
  const given = Object.keys(inputs)
  const names = given.length > 0 ? given : Object.keys(outputs).filter((name) => known.has(name))
  const entries = names.flatMap((name) => {
    const [now, before] = [outputs[name], inputs[name]]
    if (unordered.includes(name) && before !== undefined && sameMembers(now, before)) return [[name, before] as const]
    return now === undefined ? [] : [[name, now] as const]
  })
  return Object.fromEntries(entries)
}

/** Keycloak keeps switches among its texts. */
export function asText(value: PropertyValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
