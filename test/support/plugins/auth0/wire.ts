import { isProperties, type Properties, type PropertyValue } from '../../../../infra/provider/properties.ts'

/** `tokenLifetime` → `token_lifetime`, at any depth. */
export function toWire(inputs: Properties): Properties {
  return renameKeys(inputs, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
}

/** `token_lifetime` → `tokenLifetime`, at any depth. */
export function fromWire(body: Properties): Properties {
  return renameKeys(body, (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
}

function renameKeys(map: Properties, rename: (name: string) => string): Properties {
  const renamed = (value: PropertyValue): PropertyValue => {
    if (Array.isArray(value)) return value.map(renamed)
    return isProperties(value) ? renameKeys(value, rename) : value
  }
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [rename(name), renamed(value)]))
}

/**
 * What the program would have to say to get what is there: of a map, only what it has said before. Where it has said
 * nothing yet, which is so in an import, all of it.
 */
export function asSaid(found: Properties, said: Properties): Properties {
  if (Object.keys(said).length === 0) return found
  return Object.fromEntries(
    Object.entries(said)
      .filter(([name]) => found[name] !== undefined)
      .map(([name, before]) => {
        const now = found[name] ?? null
        return [name, isProperties(now) && isProperties(before) ? asSaid(now, before) : now]
      }),
  )
}
