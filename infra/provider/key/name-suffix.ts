import { randomBytes, randomUUID } from 'node:crypto'

import { UNKNOWN } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { readRecorded } from './recorded.ts'
import { nameSuffixInputsSchema } from './schema.ts'

/**
 * The random end of a name, another one whenever `of` is another one: also when it is again what it was, since the thing that had
 * that name may still be there. Output `value` is twelve hexadecimal digits.
 */
export const nameSuffixType: ResourceType = {
  secrets: [],
  stableOutputs: ['value'],
  check: (inputs) => ({ inputs, failures: checkInputs(nameSuffixInputsSchema, inputs) }),
  diff: async ({ oldInputs, newInputs }) => diffProperties(oldInputs, newInputs, { replaceOn: ['of'], unordered: [] }),
  plan: (inputs, state) => ({ ...inputs, value: state?.['value'] ?? UNKNOWN }),
  async create(_call, properties) {
    const { of } = nameSuffixInputsSchema.parse(properties)
    return { id: randomUUID(), outputs: { of, value: randomBytes(6).toString('hex') } }
  },
  read: readRecorded('value'),
  update: async (_call, _id, state, inputs) => ({ ...state, ...inputs }),
  delete: async () => {},
}
