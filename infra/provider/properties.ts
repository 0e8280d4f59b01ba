/**
 * Marks of the wire protocol: a map with this key is not a map but what the key's value says. The SDK has the same
 * constants, and a test holds ours against them; loading the SDK for them would double this process's start.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
 */
export const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d'
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270'

/** A property as the engine sends it, freed of secret marks; not yet known ones are {@link UNKNOWN}. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | Properties
export type Properties = { [key: string]: PropertyValue }

/** The way to a property; in the declarations of a resource type `*` stands for any key or index. */
export type PropertyPath = readonly (string | number)[]

/** Stands for a value that only exists after the deployment; seen in previews alone. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

/** Whether a value, or anything within it, is not yet known. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  if (value === UNKNOWN) return true
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(containsUnknown)
}

/** Narrows to a map: neither a list nor a plain value. */
export function isProperties(value: PropertyValue | undefined): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Takes the marks off secrets and remembers where they were.
 * @param marked properties as they came over the wire
 * @returns the plain values, and the path of every secret among them
 */
export function takeSecretMarks(marked: Properties): { values: Properties; secrets: PropertyPath[] } {
  const secrets: PropertyPath[] = []
  const strip = (value: PropertyValue, path: PropertyPath): PropertyValue => {
    if (isProperties(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE) {
      secrets.push(path)
      return strip(value['value'] ?? null, path)
    }
    if (Array.isArray(value)) return value.map((item, index) => strip(item, [...path, index]))
    if (isProperties(value)) return mapValues(value, (item, key) => strip(item, [...path, key]))
    return value
  }
  return { values: mapValues(marked, (item, key) => strip(item, [key])), secrets }
}

/**
 * Puts marks on everything that one of the paths names. A secret inside a list makes the whole list secret, because
 * its place may have moved.
 * @param values plain properties
 * @param secrets paths of secrets; `*` matches any key or index
 */
export function putSecretMarks(values: Properties, secrets: readonly PropertyPath[]): Properties {
  const paths = secrets.map(outsideLists)
  const mark = (value: PropertyValue, path: PropertyPath): PropertyValue => {
    if (paths.some((secret) => matches(secret, path))) {
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value }
    }
    return isProperties(value) ? mapValues(value, (item, key) => mark(item, [...path, key])) : value
  }
  return mapValues(values, (item, key) => mark(item, [key]))
}

function outsideLists(path: PropertyPath): PropertyPath {
  const index = path.findIndex((step) => typeof step === 'number')
  return index === -1 ? path : path.slice(0, index)
}

function matches(pattern: PropertyPath, path: PropertyPath): boolean {
  return pattern.length === path.length && pattern.every((step, index) => step === '*' || step === path[index])
}

function mapValues(values: Properties, map: (value: PropertyValue, key: string) => PropertyValue): Properties {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]))
}
