import type { Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { type Api, textOf } from './api.ts'

/** `okta_app_oauth_api_scope`: consent to scopes of Okta's own API; its id is the app's. */
export function apiScopeType(api: Api): ResourceType {
  const path = (appId: string) => `/api/v1/apps/${appId}/grants`

  async function settle(appId: string, issuer: string, wanted: string[], signal: AbortSignal): Promise<void> {
    const grants = await api.list(path(appId), signal)
    const present = grants === 'missing' ? [] : grants
    for (const scopeId of wanted.filter((scope) => !present.some((grant) => grant['scopeId'] === scope))) {
      await api.call('POST', path(appId), signal, { scopeId, issuer })
    }
    for (const grant of present.filter(({ scopeId }) => !wanted.includes(textOf(scopeId)))) {
      await api.call('DELETE', `${path(appId)}/${textOf(grant['id'])}`, signal)
    }
  }

  return {
    secrets: [],
    stableOutputs: ['appId'],
    check: (inputs) => ({
      inputs,
      failures: ['appId', 'issuer', 'scopes']
        .filter((name) => inputs[name] === undefined)
        .map((property) => ({ property, reason: 'is required' })),
    }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['appId'], unordered: ['scopes'] }),
    plan: (inputs) => inputs,
    async create({ signal }, inputs) {
      const appId = textOf(inputs['appId'])
      await settle(appId, textOf(inputs['issuer']), scopesOf(inputs), signal)
      return { id: appId, outputs: inputs }
    },
    async read({ signal }, id, state, inputs) {
      const grants = await api.list(path(id), signal)
      if (grants === 'missing') return 'gone'
      const scopes = grants.map((grant) => textOf(grant['scopeId'])).toSorted()
      return { inputs: { ...inputs, scopes }, outputs: { ...state, scopes } }
    },
    async update({ signal }, id, _state, inputs) {
      await settle(id, textOf(inputs['issuer']), scopesOf(inputs), signal)
      return inputs
    },
    async delete({ signal }, state) {
      await settle(textOf(state['appId']), textOf(state['issuer']), [], signal)
    },
  }
}

function scopesOf(properties: Properties): string[] {
  return (properties['scopes'] ?? []) as string[]
}
