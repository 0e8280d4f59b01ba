import type { Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { type Api, textOf } from './api.ts'

/** `okta_app_group_assignments`: all groups of one app; its id is the app's. */
export function groupAssignmentsType(api: Api): ResourceType {
  const assign = async (appId: string, groups: Properties[], signal: AbortSignal): Promise<void> => {
    for (const { id, profile } of groups) {
      const body = { profile: JSON.parse(textOf(profile ?? '{}')) as unknown }
      await api.call('PUT', `/api/v1/apps/${appId}/groups/${textOf(id)}`, signal, body)
    }
  }
  const withdraw = async (appId: string, ids: string[], signal: AbortSignal): Promise<void> => {
    for (const id of ids) await api.call('DELETE', `/api/v1/apps/${appId}/groups/${id}`, signal)
  }

  return {
    secrets: [],
    stableOutputs: ['appId'],
    check: (inputs) => ({
      inputs,
      failures: inputs['appId'] === undefined ? [{ property: 'appId', reason: 'is required' }] : [],
    }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['appId'], unordered: [] }),
    plan: (inputs) => inputs,
    async create({ signal }, inputs) {
      const appId = textOf(inputs['appId'])
      await assign(appId, groupsOf(inputs), signal)
      return { id: appId, outputs: inputs }
    },
    async read({ signal }, id, _state, inputs) {
      const assigned = await api.list(`/api/v1/apps/${id}/groups?limit=200`, signal)
      if (assigned === 'missing') return 'gone'
      // In the order of the program, and behind them what somebody else assigned.
      const ids = assigned.map((group) => textOf(group['id']))
      const known = groupsOf(inputs).filter((group) => ids.includes(textOf(group['id'])))
      const knownIds = known.map((group) => group['id'])
      const strange = ids.filter((group) => !knownIds.includes(group)).map((group) => ({ id: group, profile: '{}' }))
      const read = { appId: id, groups: [...known, ...strange] }
      return { inputs: read, outputs: read }
    },
    async update({ signal }, id, state, inputs) {
      const wanted = groupsOf(inputs).map((group) => group['id'])
      const former = groupsOf(state).map((group) => textOf(group['id']))
      await withdraw(
        id,
        former.filter((group) => !wanted.includes(group)),
        signal,
      )
      await assign(id, groupsOf(inputs), signal)
      return inputs
    },
    async delete({ signal }, state) {
      const ids = groupsOf(state).map((group) => textOf(group['id']))
      await withdraw(textOf(state['appId']), ids, signal)
    },
  }
}

function groupsOf(properties: Properties): Properties[] {
  return (properties['groups'] ?? []) as Properties[]
}
