import type { Properties, PropertyPath } from '../../../../infra/provider/properties.ts'
import { textAt } from './manifest.ts'
import { isSecret } from './normalize.ts'

/** What the state keeps of an object: all that is live, and the inputs that it was made from. */
export function checkpoint(inputs: Properties, live: Properties, fieldManager: string): Properties {
  return {
    ...live,
    __inputs: inputs,
    __initialApiVersion: textAt(inputs, 'apiVersion'),
    __fieldManager: fieldManager,
  }
}

/** Takes a state apart again. */
export function openCheckpoint(state: Properties): { inputs: Properties; live: Properties } {
  const { __inputs: inputs = {}, __initialApiVersion, __fieldManager, ...live } = state
  return { inputs: inputs as Properties, live }
}

/**
 * Where a state has secrets, from where the inputs have them: in the live object and in the inputs that are kept beside it.
 * A Secret is secret as a whole, whatever the program said.
 */
export function secretsOf(object: Properties, inputs: readonly PropertyPath[]): PropertyPath[] {
  const always = isSecret(object) ? [['data'], ['stringData']] : []
  const all = [...inputs.filter(([first]) => first !== '__inputs'), ...always]
  return [...all, ...all.map((path) => ['__inputs', ...path])]
}
