import { type Properties, UNKNOWN } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { CheckFailure, ResourceType } from '../../../../infra/provider/resource-type.ts'
import { type Api, textOf } from './api.ts'
import { appBody, appInputs, groupsClaimBody, groupsClaimInput, type WireApp } from './app-wire.ts'

/** `okta_app_oauth`: an OIDC app, with its groups claim at an API that is not public. */
export function appType(api: Api): ResourceType {
  const claimPath = (id: string) => `/api/v1/internal/apps/${id}/settings/oauth/idToken`

  async function found(id: string, signal: AbortSignal): Promise<{ app: WireApp; inputs: Properties } | 'missing'> {
    const app = (await api.call('GET', `/api/v1/apps/${id}`, signal)) as WireApp | 'missing'
    if (app === 'missing') return 'missing'
    const claim = groupsClaimInput((await api.call('GET', claimPath(id), signal)) as Properties)
    return { app, inputs: { ...appInputs(app), ...(claim ? { groupsClaim: claim } : {}) } }
  }

  return {
    secrets: [['clientSecret'], ['clientBasicSecret']],
    stableOutputs: ['clientId', 'name', 'signOnMode'],
    check: (inputs) => ({ inputs, failures: failuresOf(inputs) }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, {
        replaceOn: ['type', 'clientId'],
        unordered: ['grantTypes', 'responseTypes', 'postLogoutRedirectUris'],
      }),
    plan: (inputs, state) => ({ ...inputs, ...computed(state?.['clientId'] ?? UNKNOWN) }),
    async create({ signal }, inputs) {
      const activate = (inputs['status'] ?? 'ACTIVE') === 'ACTIVE'
      const path = `/api/v1/apps?activate=${activate}`
      const { id } = (await api.call('POST', path, signal, appBody(inputs, undefined))) as WireApp
      await api.call('POST', claimPath(id), signal, groupsClaimBody(inputs))
      return { id, outputs: { ...inputs, ...computed(id) } }
    },
    async read({ signal }, id, state, inputs) {
      const result = await found(id, signal)
      if (result === 'missing') return 'gone'
      const isImport = Object.keys(inputs).length === 0
      const seen = Object.entries(result.inputs).filter(([name]) => isImport || name in inputs)
      const kept = Object.entries(inputs).filter(([name]) => name in NOT_READ)
      const read = Object.fromEntries([...kept, ...seen])
      return { inputs: read, outputs: { ...state, ...read, ...computed(result.app.id) } }
    },
    async update({ signal }, id, state, inputs) {
      if (state['status'] !== undefined && state['status'] !== inputs['status']) {
        const verb = inputs['status'] === 'INACTIVE' ? 'deactivate' : 'activate'
        await api.call('POST', `/api/v1/apps/${id}/lifecycle/${verb}`, signal)
      }
      await api.call('PUT', `/api/v1/apps/${id}`, signal, appBody(inputs, id))
      await api.call('POST', claimPath(id), signal, groupsClaimBody(inputs))
      return { ...inputs, ...computed(id) }
    },
    async delete({ signal }, state) {
      const id = textOf(state['clientId'])
      await api.call('POST', `/api/v1/apps/${id}/lifecycle/deactivate`, signal)
      await api.call('DELETE', `/api/v1/apps/${id}`, signal)
    },
  }
}

/** Inputs that are about the plugin, not about the app. */
const NOT_READ: Properties = { omitSecret: true, skipAuthenticationPolicy: true }

/** With `omitSecret`, which is all that is asked for here, the secret stays out of the state. */
function computed(clientId: Properties[string]): Properties {
  return { clientId, clientSecret: '', name: 'oidc_client', signOnMode: 'OPENID_CONNECT', logoUrl: '' }
}

function failuresOf(inputs: Properties): CheckFailure[] {
  const missing = ['label', 'type'].filter((name) => inputs[name] === undefined)
  const failures = missing.map((property) => ({ property, reason: 'is required' }))
  if (inputs['omitSecret'] !== true) failures.push({ property: 'omitSecret', reason: 'this stand-in keeps no secrets' })
  if (inputs['tokenEndpointAuthMethod'] === 'private_key_jwt' && inputs['jwks'] === undefined) {
    failures.push({ property: 'jwks', reason: 'is required with private_key_jwt' })
  }
  return failures
}
