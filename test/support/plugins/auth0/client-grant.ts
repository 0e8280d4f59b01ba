import { UNKNOWN, type Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import type { Management } from './management.ts'
import { required, text } from './inputs.ts'

/** `auth0:index/clientGrant:ClientGrant`: a grant that exists already is taken over. */
export function clientGrantType(management: Management): ResourceType {
  const fromBody = (body: Properties): Properties => ({
    clientId: body['client_id'] ?? '',
    audience: body['audience'] ?? '',
    scopes: body['scope'] ?? [],
  })
  return {
    secrets: [],
    stableOutputs: ['clientId', 'audience'],
    check: (inputs) => ({ inputs, failures: required(inputs, 'audience', 'clientId', 'scopes') }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['clientId', 'audience'], unordered: [] }),
    plan: (inputs, state) => ({ ...inputs, grantId: state?.['grantId'] ?? UNKNOWN }),
    async create({ signal }, inputs) {
      const query = { audience: text(inputs, 'audience'), client_id: text(inputs, 'clientId') }
      const [existing] = await management.list('client_grants', 'client-grants', query, signal)
      const body = { ...query, scope: inputs['scopes'] }
      const id = text(existing ?? (await management.ask('POST', 'client-grants', signal, body)), 'id')
      return { id, outputs: { ...inputs, grantId: id } }
    },
    async read({ signal }, id) {
      const found = await management.find(`client-grants/${id}`, signal)
      return found === 'gone' ? 'gone' : { inputs: fromBody(found), outputs: { ...fromBody(found), grantId: id } }
    },
    async update({ signal }, id, _state, inputs) {
      await management.ask('PATCH', `client-grants/${id}`, signal, { scope: inputs['scopes'] })
      return { ...inputs, grantId: id }
    },
    async delete({ signal }, state) {
      await management.ask('DELETE', `client-grants/${text(state, 'grantId')}`, signal)
    },
  }
}
