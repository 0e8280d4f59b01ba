import { randomUUID } from 'node:crypto'

import { type Properties, UNKNOWN } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { alignTo } from './align.ts'
import { type Graph, openGraph, setOwners } from './graph.ts'
import { textAt, textsIn } from './values.ts'

/** How an enterprise application is marked. */
const ENTERPRISE = 'WindowsAzureActiveDirectoryIntegratedApp'

/** `azuread:index/servicePrincipal:ServicePrincipal`, for the arguments that we use. */
export function servicePrincipalType(configuration: () => Properties): ResourceType {
  return {
    secrets: [],
    stableOutputs: ['objectId'],
    check(inputs) {
      const failures = inputs['clientId'] ? [] : [{ property: 'clientId', reason: 'Missing required property' }]
      return { inputs, failures }
    },
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(alignTo(newInputs, oldInputs), newInputs, { replaceOn: ['clientId'], unordered: [] }),
    plan: (inputs, state) => ({ ...inputs, objectId: state?.['objectId'] ?? UNKNOWN }),
    async create({ signal }, inputs) {
      const graph = await openGraph(configuration(), signal)
      const filter = encodeURIComponent(`appId eq '${textAt(inputs, 'clientId')}'`)
      const [present] = await graph.list(`/servicePrincipals?$filter=${filter}`)
      if (present && !inputs['useExisting'])
        throw new Error(`the service principal ${textAt(present, 'id')} exists already`)
      const id = String(present?.['id'] ?? (await make(graph, inputs))['id'])
      const path = `/servicePrincipals/${id}`
      await graph.insist('PATCH', path, present ? expand(inputs, present) : { description: null })
      if (present) await setOwners(graph, path, textsIn(inputs['owners']))
      else if (!textsIn(inputs['owners']).includes(graph.callerId)) {
        await graph.insist('DELETE', `${path}/owners/${graph.callerId}/$ref`)
      }
      return { id: path, outputs: { ...inputs, objectId: id } }
    },
    async read({ signal }, id, state, inputs) {
      const graph = await openGraph(configuration(), signal)
      if ((await graph.ask('GET', id)).status === 404) return 'gone'
      const principal = await graph.insist('GET', id)
      const owners = (await graph.list(`${id}/owners`)).map((owner) => textAt(owner, 'id'))
      const there = {
        clientId: textAt(principal, 'appId'),
        appRoleAssignmentRequired: principal['appRoleAssignmentRequired'] === true,
        featureTags: [{ enterprise: textsIn(principal['tags']).includes(ENTERPRISE) }],
        owners,
      }
      const { useExisting = false, ...said } = inputs
      const found = { ...(Object.keys(inputs).length === 0 ? there : alignTo(said, there)), useExisting }
      return { inputs: found, outputs: { ...state, ...found, objectId: textAt(principal, 'id') } }
    },
    async update({ signal }, id, state, inputs) {
      const graph = await openGraph(configuration(), signal)
      await graph.insist('PATCH', id, expand(inputs, await graph.insist('GET', id)))
      if (inputs['owners']) await setOwners(graph, id, textsIn(inputs['owners']))
      return { ...inputs, objectId: state['objectId'] ?? null }
    },
    async delete({ signal }, state) {
      const graph = await openGraph(configuration(), signal)
      const path = `/servicePrincipals/${textAt(state, 'objectId')}`
      // The official plugin does not mind when that fails for one that may have been there before.
      if (state['useExisting']) await graph.ask('DELETE', path)
      else await graph.insist('DELETE', path)
    },
  }
}

function make(graph: Graph, inputs: Properties): Promise<Record<string, unknown>> {
  const owners = [graph.callerId, ...textsIn(inputs['owners']).filter((owner) => owner !== graph.callerId)]
  return graph.insist('POST', '/servicePrincipals', {
    ...expand(inputs, {}),
    appId: inputs['clientId'],
    description: `TERRAFORM_UPDATE_${randomUUID()}`,
    'owners@odata.bind': owners.map((owner) => `${graph.url}/directoryObjects/${owner}`),
  })
}

/** @param present tags that are not ours stay */
function expand(inputs: Properties, present: Record<string, unknown>): Properties {
  const [features] = (inputs['featureTags'] ?? []) as Properties[]
  const others = textsIn(present['tags']).filter((tag) => tag !== ENTERPRISE)
  return {
    accountEnabled: true,
    appRoleAssignmentRequired: inputs['appRoleAssignmentRequired'] ?? false,
    tags: [...others, ...(features?.['enterprise'] ? [ENTERPRISE] : [])],
  }
}
