import { hash, randomBytes } from 'node:crypto'

import { UNKNOWN, type Properties } from '../../../../infra/provider/properties.ts'
import { isAnnotated, mapAt, textAt, valueAt, withMetadata } from './manifest.ts'

/**
 * Gives an object that the program left unnamed the name that it had, or a new one: the resource's, and eight digits.
 * @param former inputs of the state; empty for a new object
 * @param seed of the engine, so that preview and deployment agree
 */
export function named(inputs: Properties, former: Properties, resource: string, seed: Uint8Array): Properties {
  const name = valueAt(inputs, 'metadata', 'name')
  if (name === UNKNOWN || (typeof name === 'string' && name !== '')) return inputs
  if (isAnnotated(former, 'autonamed')) return autonamed(inputs, textAt(former, 'metadata', 'name'))
  const digits = seed.length > 0 ? hash('sha256', seed) : randomBytes(4).toString('hex')
  return autonamed(inputs, `${resource}-${digits.slice(0, 8)}`)
}

function autonamed(inputs: Properties, name: string): Properties {
  const annotations = { ...mapAt(inputs, 'metadata', 'annotations'), 'pulumi.com/autonamed': 'true' }
  return withMetadata(inputs, { name, annotations })
}

/** A manager of fields for each resource, kept in its state: two resources that claim one field are a conflict. */
export function fieldManager(state: Properties, inputs: Properties): string {
  const annotated = textAt(inputs, 'metadata', 'annotations', 'pulumi.com/patchFieldManager')
  return annotated || textAt(state, '__fieldManager') || `pulumi-kubernetes-${randomBytes(4).toString('hex')}`
}
