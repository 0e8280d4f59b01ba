import { createHash, randomBytes, randomUUID } from 'node:crypto'

import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { readRecorded } from './recorded.ts'
import { serviceTokenInputsSchema } from './schema.ts'

/** Random bytes of a token: 43 characters of base64url. */
const LENGTH = 32
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * A token of a service account, made once and kept in the state. Output `value` is `<prefix>_<43 characters of base64url>`,
 * `hash` SHA-256 of all of it in base64url, by which it is known again; `createdAt` and `expiresAt` are milliseconds since
 * 1970. Another lifetime counts from the day on which the token was made; another prefix makes another token.
 */
export const serviceTokenType: ResourceType = {
  secrets: [['value']],
  stableOutputs: ['value', 'hash', 'createdAt'],
  check: (inputs) => ({ inputs, failures: checkInputs(serviceTokenInputsSchema, inputs) }),
  diff: async ({ oldInputs, newInputs }) =>
    diffProperties(oldInputs, newInputs, { replaceOn: ['prefix'], unordered: [] }),
  plan: (inputs, state) => (state === undefined ? { ...inputs, ...UNMADE } : outputsOf(inputs, state)),
  async create(_call, properties) {
    const { prefix } = serviceTokenInputsSchema.parse(properties)
    const value = `${prefix}_${randomBytes(LENGTH).toString('base64url')}`
    const hash = createHash('sha256').update(value).digest('base64url')
    return { id: randomUUID(), outputs: outputsOf(properties, { value, hash, createdAt: Date.now() }) }
  },
  read: readRecorded('value'),
  update: async (_call, _id, state, inputs) => outputsOf(inputs, state),
  delete: async () => {},
}

const UNMADE = { value: UNKNOWN, hash: UNKNOWN, createdAt: UNKNOWN, expiresAt: UNKNOWN }

function outputsOf(
  inputs: Properties,
  { value = UNKNOWN, hash = UNKNOWN, createdAt = UNKNOWN }: Properties,
): Properties {
  const { expiresInDays } = inputs
  const isKnown = typeof createdAt === 'number' && typeof expiresInDays === 'number'
  return { ...inputs, value, hash, createdAt, expiresAt: isKnown ? createdAt + expiresInDays * DAY_MS : UNKNOWN }
}
