import type { Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import type { Management } from './management.ts'
import { required, text } from './inputs.ts'

/** `auth0:index/clientCredentials:ClientCredentials`: a client's method and secret; its id is the client's. */
export function clientCredentialsType(management: Management): ResourceType {
  const set = (inputs: Properties, signal: AbortSignal): Promise<Properties> =>
    management.ask('PATCH', `clients/${text(inputs, 'clientId')}`, signal, {
      token_endpoint_auth_method: inputs['authenticationMethod'],
      client_secret: inputs['clientSecret'],
    })
  return {
    secrets: [['clientSecret']],
    stableOutputs: ['clientId'],
    check: (inputs) => ({ inputs, failures: required(inputs, 'clientId') }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['clientId'], unordered: [] }),
    plan: (inputs) => inputs,
    async create({ signal }, inputs) {
      await set(inputs, signal)
      return { id: text(inputs, 'clientId'), outputs: inputs }
    },
    async read({ signal }, id) {
      const found = await management.find(`clients/${id}`, signal)
      if (found === 'gone') return 'gone'
      const present = {
        clientId: id,
        authenticationMethod: found['token_endpoint_auth_method'] ?? 'client_secret_post',
        // Left out by the API where the caller may not read keys.
        clientSecret: found['client_secret'] ?? '',
      }
      return { inputs: present, outputs: present }
    },
    async update({ signal }, _id, _state, inputs) {
      await set(inputs, signal)
      return inputs
    },
    /** The secret stays; the method becomes what it is for this type of application. */
    async delete({ signal }, state) {
      const path = `clients/${text(state, 'clientId')}`
      if ((await management.find(path, signal)) === 'gone') return
      await management.ask('GET', `${path}/credentials`, signal)
      await management.ask('PATCH', path, signal, { token_endpoint_auth_method: 'client_secret_post' })
    },
  }
}
