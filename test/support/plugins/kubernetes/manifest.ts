import { isProperties, type Properties, type PropertyValue } from '../../../../infra/provider/properties.ts'

/** What the annotations of Pulumi say about an object. */
export type Annotation =
  'autonamed' | 'deletionPropagationPolicy' | 'patchFieldManager' | 'patchForce' | 'skipAwait' | 'timeoutSeconds'

/** A map within an object, by its path; empty where there is none. */
export function mapAt(object: Properties, ...path: string[]): Properties {
  const value = valueAt(object, ...path)
  return isProperties(value) ? value : {}
}

/** A list of maps within an object, by its path; empty where there is none. */
export function mapsAt(object: Properties, ...path: string[]): Properties[] {
  const value = valueAt(object, ...path)
  return Array.isArray(value) ? value.filter(isProperties) : []
}

export function valueAt(object: Properties, ...path: string[]): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>(
    (value, step) => (isProperties(value) ? value[step] : undefined),
    object,
  )
}

/** A text within an object; empty where there is none, or where it is not known yet. */
export function textAt(object: Properties, ...path: string[]): string {
  const value = valueAt(object, ...path)
  return typeof value === 'string' ? value : ''
}

/** A count within an object; 0 where there is none. */
export function countAt(object: Properties, ...path: string[]): number {
  return Number(valueAt(object, ...path) ?? 0)
}

export function annotation(object: Properties, name: Annotation): string {
  return textAt(object, 'metadata', 'annotations', `pulumi.com/${name}`)
}

export function isAnnotated(object: Properties, name: Annotation): boolean {
  return annotation(object, name) === 'true'
}

/** The object with other metadata beside what it has. */
export function withMetadata(object: Properties, metadata: Properties): Properties {
  return { ...object, metadata: { ...mapAt(object, 'metadata'), ...metadata } }
}

/** `apps/v1/Deployment`, `v1/Service` */
export function kindOf(object: Properties): string {
  return `${textAt(object, 'apiVersion')}/${textAt(object, 'kind')}`
}

/** How the engine calls an object: `namespace/name`, or the name alone. */
export function idOf(object: Properties): string {
  const namespace = textAt(object, 'metadata', 'namespace')
  const name = textAt(object, 'metadata', 'name')
  return namespace === '' ? name : `${namespace}/${name}`
}

/** How messages call it. */
export function describe(object: Properties): string {
  return `${kindOf(object)} ${idOf(object)}`
}
