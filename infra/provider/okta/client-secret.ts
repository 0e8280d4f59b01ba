import { ProviderError } from '../errors.ts'
import { UNKNOWN } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { type Call, checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { clientSecretInputsSchema, clientSecretStateSchema } from './schema.ts'
import { listSecrets, settleSecrets } from './secrets-api.ts'
import { stepToAbsence, stepToPresence } from './slots.ts'

/**
 * One secret of an OAuth client at Okta, of which a client can have two: so that one is live before the other goes. Its
 * value is an input, by which a create that was interrupted finds what it had made.
 * @param pause how to wait before a request is sent again; tests give one that does not
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationSSOCredentialOAuth2ClientAuth/
 */
export function createClientSecretType(pause?: Pause): ResourceType {
  return {
    secrets: [['apiToken'], ['value']],
    stableOutputs: ['value'],
    check: (inputs) => ({ inputs, failures: checkInputs(clientSecretInputsSchema, inputs) }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['orgUrl', 'appId', 'value'], unordered: [] }),
    plan: (inputs, state) => ({ ...inputs, secretId: state?.['secretId'] ?? UNKNOWN }),

    async create(call, properties) {
      const inputs = clientSecretInputsSchema.parse(properties)
      const made = await settleSecrets(inputs, (listed) => stepToPresence(listed, inputs), call.signal, pause)
      if (made === 'gone') throw appGone(call, inputs)
      return { id: `${inputs.appId}/${made.secretId}`, outputs: { ...inputs, ...made } }
    },

    async read(call, id, state, inputs) {
      const known = clientSecretStateSchema.safeParse(state)
      if (!known.success) {
        const text = `${call.name}: secret ${id} cannot be imported, nor need it be: "pulumi up" makes another one beside it`
        throw new ProviderError('import_unsupported', text)
      }
      const listed = await listSecrets(known.data, call.signal, pause)
      const found = listed === 'gone' ? undefined : listed.find((secret) => secret.id === known.data.secretId)
      if (!found) return 'gone'
      const { status } = found
      return { inputs: { ...inputs, status }, outputs: { ...state, status } }
    },

    async update(call, _id, _state, properties) {
      const inputs = clientSecretInputsSchema.parse(properties)
      // Others may have come to use a client that has been there for a while: theirs stay.
      const wanted = { value: inputs.value, strangers: 'keep' } as const
      const present = await settleSecrets(inputs, (listed) => stepToPresence(listed, wanted), call.signal, pause)
      if (present === 'gone') throw appGone(call, inputs)
      return { ...inputs, ...present }
    },

    async delete(call, state) {
      const known = clientSecretStateSchema.parse(state)
      await settleSecrets(known, (listed) => stepToAbsence(listed, known.secretId), call.signal, pause)
    },
  }
}

export const oktaClientSecretType = createClientSecretType()

function appGone({ name }: Call, { orgUrl, appId }: { orgUrl: string; appId: string }): ProviderError {
  const text = `${name}: ${orgUrl} has no app ${appId} any more: run "pulumi refresh", and the next "pulumi up" makes it anew`
  return new ProviderError('vendor_refused', text)
}
