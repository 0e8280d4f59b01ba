import { ProviderError } from '../errors.ts'
import type { ResourceType } from '../resource-type.ts'

/**
 * A `read` for what exists in the state alone: it cannot drift, and without a state there is nothing to read.
 * @param required an output that every such state has
 */
export function readRecorded(required: string): ResourceType['read'] {
  return async (call, id, state, inputs) => {
    if (state[required] !== undefined) return { inputs, outputs: state }
    const text = `${call.name}: ${id} exists in no other place than the state that made it, and cannot be imported`
    throw new ProviderError('import_unsupported', text)
  }
}
