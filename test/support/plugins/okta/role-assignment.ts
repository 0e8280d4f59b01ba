import { type Properties, UNKNOWN } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { type Api, textOf } from './api.ts'

/** `okta_app_oauth_role_assignment`: an administrator role of a service app. It cannot be updated. */
export function roleAssignmentType(api: Api): ResourceType {
  const path = (clientId: string) => `/oauth2/v1/clients/${clientId}/roles`

  return {
    secrets: [],
    stableOutputs: [],
    check: (inputs) => ({
      inputs,
      failures: ['clientId', 'type']
        .filter((name) => inputs[name] === undefined)
        .map((property) => ({ property, reason: 'is required' })),
    }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['clientId', 'type', 'role', 'resourceSet'], unordered: [] }),
    plan: (inputs, state) => ({
      ...inputs,
      label: state?.['label'] ?? UNKNOWN,
      status: state?.['status'] ?? UNKNOWN,
    }),
    async create({ signal }, inputs) {
      const body = { type: inputs['type'] }
      const role = (await api.call('POST', path(textOf(inputs['clientId'])), signal, body)) as Properties
      return { id: textOf(role['id']), outputs: { ...inputs, ...rest(role) } }
    },
    async read({ signal }, id, state, inputs) {
      const role = await api.call('GET', `${path(textOf(state['clientId']))}/${id}`, signal)
      if (role === 'missing') return 'gone'
      return { inputs, outputs: { ...state, ...rest(role as Properties) } }
    },
    update: () => Promise.reject(new Error('a role assignment cannot be updated')),
    async delete({ signal }, state) {
      await api.call('DELETE', `${path(textOf(state['clientId']))}/${textOf(state['roleId'])}`, signal)
    },
  }
}

function rest({ id = '', label = '', status = '' }: Properties): Properties {
  return { roleId: id, label, status }
}
