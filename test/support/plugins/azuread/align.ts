import { isProperties, type Properties, type PropertyValue } from '../../../../infra/provider/properties.ts'

/**
 * Says what is there in the form in which the program said it: members that it left to the vendor are left out, and
 * lists, in which order means nothing, keep its order.
 * @param said inputs of the program
 * @param there the same things as the vendor has them
 */
export function alignTo(said: Properties, there: Properties): Properties {
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => [name, align(value, there[name] ?? emptyLike(value))]),
  )
}

function align(said: PropertyValue, there: PropertyValue): PropertyValue {
  if (isProperties(said) && isProperties(there)) return alignTo(said, there)
  if (!Array.isArray(said) || !Array.isArray(there)) return there
  if (said.every(isProperties) && there.every(isProperties)) {
    const ordered = [...there].toSorted((one, other) => placeOf(said, one) - placeOf(said, other))
    return ordered.map((item, index) => align(said[index] ?? item, item))
  }
  const fresh = there.filter((item) => !said.includes(item))
  const kept = said.map((item) => (there.includes(item) ? item : fresh.shift()))
  return [...kept.filter((item) => item !== undefined), ...fresh]
}

/** By what identifies a block: an id or a name. */
function placeOf(said: readonly PropertyValue[], block: Properties): number {
  const place = said.findIndex((item) => isProperties(item) && keyOf(item) === keyOf(block))
  return place === -1 ? said.length : place
}

function keyOf({ id, name, resourceAppId }: Properties): PropertyValue | undefined {
  return id ?? name ?? resourceAppId
}

function emptyLike(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return []
  return typeof value === 'boolean' ? false : ''
}
