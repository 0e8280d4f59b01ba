import { randomBytes, randomUUID } from 'node:crypto'

import { UNKNOWN } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { readRecorded } from './recorded.ts'
import { secretInputsSchema } from './schema.ts'

/** Random bytes, made once and kept in the state; another length makes another secret. Output `value` is base64url. */
export const secretType: ResourceType = {
  secrets: [['value']],
  stableOutputs: ['value'],
  check: (inputs) => ({ inputs, failures: checkInputs(secretInputsSchema, inputs) }),
  diff: async ({ oldInputs, newInputs }) =>
    diffProperties(oldInputs, newInputs, { replaceOn: ['bytes'], unordered: [] }),
  plan: (inputs, state) => ({ ...inputs, value: state?.['value'] ?? UNKNOWN }),
  async create(_call, properties) {
    const { bytes } = secretInputsSchema.parse(properties)
    return { id: randomUUID(), outputs: { bytes, value: randomBytes(bytes).toString('base64url') } }
  },
  read: readRecorded('value'),
  update: async (_call, _id, state, inputs) => ({ ...state, ...inputs }),
  delete: async () => {},
}
