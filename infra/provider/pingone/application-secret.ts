import { ProviderError } from '../errors.ts'
import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import { openApi } from './api.ts'
import {
  type ApplicationSecretInputs,
  applicationSecretInputsSchema,
  type ApplicationSecretState,
  applicationSecretStateSchema,
} from './schema.ts'
import { digestOf, endPrevious, findSecrets, readSecrets, renewSecret, type Secrets } from './secrets.ts'

/**
 * One of the two secrets that an application can have at once: PingOne knows the present one and, for 30 days at most,
 * the previous one. A new secret is made beside the old one; the old one ends when its resource is deleted.
 *
 * PingOne cannot make a previous secret the present one again. So a rotation goes on and never back: who leaves the new
 * secret and keeps the old one loses that within 30 days.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/application-secret.html
 */
export const applicationSecretType: ResourceType = {
  secrets: [['credentials', 'clientSecret'], ['beside'], ['clientSecret']],
  stableOutputs: ['clientSecret'],

  check: (inputs) => ({ inputs, failures: checkInputs(applicationSecretInputsSchema, inputs) }),

  async diff({ oldInputs, newInputs }) {
    const rules = { replaceOn: ['domain', 'environmentId', 'applicationId'], unordered: [] }
    return diffProperties(lasting(oldInputs), lasting(newInputs), rules)
  },

  plan: (inputs, state) => ({ ...lasting(inputs), clientSecret: state?.['clientSecret'] ?? UNKNOWN }),

  async create(call, properties) {
    const inputs = applicationSecretInputsSchema.parse(properties)
    const api = openApi(inputs, call.signal)
    const held = await readSecrets(api, inputs.applicationId)
    const course = chooseCourse(inputs, held)
    const clientSecret = course === 'adopt' ? held.current : await renewSecret(api, inputs.applicationId, course)
    const outputs = applicationSecretStateSchema.parse({ ...inputs, clientSecret })
    return { id: `${inputs.applicationId}/${digestOf(clientSecret)}`, outputs }
  },

  async read(call, id, state, inputs) {
    const recorded = parseState(call.name, id, state)
    const held = await findSecrets(openApi(recorded, call.signal), recorded.applicationId)
    const isGood = held !== 'gone' && [held.current, held.previous].includes(recorded.clientSecret)
    return isGood ? { inputs, outputs: recorded } : 'gone'
  },

  async update(_call, _id, state, properties) {
    // Nothing but the credentials can have changed.
    const inputs = applicationSecretInputsSchema.parse(properties)
    return applicationSecretStateSchema.parse({ ...inputs, clientSecret: state['clientSecret'] })
  },

  async delete(call, state) {
    const { applicationId, clientSecret, ...connection } = parseState(call.name, '', state)
    const api = openApi(connection, call.signal)
    const held = await findSecrets(api, applicationId)
    // The present one goes with the application, or when another one takes its place.
    if (held !== 'gone' && held.previous === clientSecret) await endPrevious(api, applicationId)
  },
}

/**
 * What is to be done for a new secret.
 * @returns `adopt` when a deployment made it, and died before that was recorded; else what becomes of the present one:
 * it is kept for a while, unless it came with the application and nobody was ever given it
 */
export function chooseCourse(
  { bornWith, beside }: Pick<ApplicationSecretInputs, 'bornWith' | 'beside'>,
  held: Secrets,
): 'adopt' | 'keep' | 'end' {
  if (beside !== undefined && held.current !== beside && held.previous === beside) return 'adopt'
  return digestOf(held.current) === bornWith ? 'end' : 'keep'
}

/** What counts after the secret was made. */
function lasting(inputs: Properties): Properties {
  const { bornWith: _bornWith, beside: _beside, ...rest } = inputs
  return rest
}

function parseState(name: string, id: string, state: Properties): ApplicationSecretState {
  const parsed = applicationSecretStateSchema.safeParse(state)
  if (parsed.success) return parsed.data
  const text = `${name}: the secret ${id} cannot be imported: let the stack make one, which leaves the present one good for 29 days`
  throw new ProviderError('import_unsupported', text)
}
