import { randomUUID } from 'node:crypto'

import { type Properties, UNKNOWN } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { alignTo } from './align.ts'
import { type Graph, openGraph, setOwners } from './graph.ts'
import { textAt, textsIn } from './values.ts'

const given = ['clientId', 'objectId']

/** `azuread:index/application:Application`, for the arguments that we use. */
export function applicationType(configuration: () => Properties): ResourceType {
  return {
    secrets: [],
    stableOutputs: given,
    check(inputs) {
      const failures = inputs['displayName'] ? [] : [{ property: 'displayName', reason: 'Missing required property' }]
      return { inputs, failures }
    },
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(alignTo(newInputs, oldInputs), newInputs, { replaceOn: ['templateId'], unordered: [] }),
    plan: (inputs, state) => ({
      ...inputs,
      ...Object.fromEntries(given.map((name) => [name, state?.[name] ?? UNKNOWN])),
    }),
    async create({ signal }, inputs) {
      const graph = await openGraph(configuration(), signal)
      await refuseTwin(graph, inputs)
      const owners = textsIn(inputs['owners'])
      const bind = [graph.callerId, ...owners.filter((owner) => owner !== graph.callerId)]
      const made = await graph.insist('POST', '/applications', {
        ...expand(inputs),
        'owners@odata.bind': bind.map((owner) => `${graph.url}/directoryObjects/${owner}`),
      })
      const path = `/applications/${textAt(made, 'id')}`
      for (const displayName of [`TERRAFORM_UPDATE_${randomUUID()}`, inputs['displayName']]) {
        await graph.insist('PATCH', path, { displayName })
      }
      if (!owners.includes(graph.callerId)) await graph.insist('DELETE', `${path}/owners/${graph.callerId}/$ref`)
      return { id: path, outputs: { ...inputs, ...(await read(graph, path)).given } }
    },
    async read({ signal }, id, _state, inputs) {
      const graph = await openGraph(configuration(), signal)
      if ((await graph.ask('GET', id)).status === 404) return 'gone'
      const { there, given: outputs } = await read(graph, id)
      // What the vendor does not know stays as it was said.
      const { preventDuplicateNames = false, ...said } = inputs
      const isImport = Object.keys(inputs).length === 0
      const found = { ...(isImport ? there : alignTo(said, there)), preventDuplicateNames }
      return { inputs: found, outputs: { ...found, ...outputs } }
    },
    async update({ signal }, id, state, inputs) {
      const graph = await openGraph(configuration(), signal)
      await refuseTwin(graph, inputs, id)
      await graph.insist('PATCH', id, expand(inputs))
      if (inputs['owners']) await setOwners(graph, id, textsIn(inputs['owners']))
      return { ...inputs, clientId: state['clientId'] ?? null, objectId: state['objectId'] ?? null }
    },
    async delete({ signal }, state) {
      const graph = await openGraph(configuration(), signal)
      await graph.insist('DELETE', `/applications/${textAt(state, 'objectId')}`)
    },
  }
}

async function refuseTwin(graph: Graph, inputs: Properties, id?: string): Promise<void> {
  if (!inputs['preventDuplicateNames']) return
  const displayName = textAt(inputs, 'displayName')
  const filter = encodeURIComponent(`displayName eq '${displayName.replaceAll("'", "''")}'`)
  const found = (await graph.list(`/applications?$filter=${filter}`)).map((app) => textAt(app, 'id'))
  const twin = found.find((other) => `/applications/${other}` !== id)
  if (twin) throw new Error(`the application "${displayName}" exists already (${twin}): it needs to be imported`)
}

async function read(graph: Graph, path: string): Promise<{ there: Properties; given: Properties }> {
  const app = await graph.insist('GET', path)
  const owners = (await graph.list(`${path}/owners`)).map((owner) => textAt(owner, 'id'))
  const there = { ...flatten(app), owners }
  return { there, given: { clientId: textAt(app, 'appId'), objectId: textAt(app, 'id') } }
}

/** The plugin's names → Graph's. */
function expand(inputs: Properties): Properties {
  const web = inputs['web'] as Properties | undefined
  const grant = web?.['implicitGrant'] as Properties | undefined
  const claims = inputs['optionalClaims'] as { idTokens?: Properties[] } | undefined
  const access = (inputs['requiredResourceAccesses'] ?? []) as Properties[]
  return {
    displayName: inputs['displayName'] ?? null,
    notes: inputs['notes'] ?? null,
    signInAudience: inputs['signInAudience'] ?? 'AzureADMyOrg',
    isFallbackPublicClient: inputs['fallbackPublicClientEnabled'] ?? false,
    tags: inputs['tags'] ?? [],
    api: {
      requestedAccessTokenVersion: (inputs['api'] as Properties | undefined)?.['requestedAccessTokenVersion'] ?? 1,
    },
    groupMembershipClaims: textsIn(inputs['groupMembershipClaims']).join(',') || null,
    optionalClaims: {
      idToken: (claims?.idTokens ?? []).map(({ name, additionalProperties }) => ({
        name: name ?? null,
        essential: false,
        additionalProperties: additionalProperties ?? [],
      })),
    },
    requiredResourceAccess: access.map(({ resourceAppId, resourceAccesses }) => ({
      resourceAppId: resourceAppId ?? null,
      resourceAccess: resourceAccesses ?? [],
    })),
    web: {
      homePageUrl: web?.['homepageUrl'] ?? null,
      redirectUris: web?.['redirectUris'] ?? [],
      implicitGrantSettings: {
        enableAccessTokenIssuance: grant?.['accessTokenIssuanceEnabled'] ?? false,
        enableIdTokenIssuance: grant?.['idTokenIssuanceEnabled'] ?? false,
      },
    },
  }
}

/** Graph's names → the plugin's. */
function flatten(app: Record<string, unknown>): Properties {
  const { displayName, notes, signInAudience, tags, api, web, optionalClaims, requiredResourceAccess } =
    app as Properties
  const { homePageUrl, redirectUris, implicitGrantSettings } = web as Properties
  const grant = implicitGrantSettings as Properties | undefined
  const claims = (optionalClaims as { idToken?: Properties[] } | null)?.idToken ?? []
  return {
    displayName: displayName ?? '',
    notes: notes ?? '',
    signInAudience: signInAudience ?? '',
    tags: tags ?? [],
    fallbackPublicClientEnabled: (app['isFallbackPublicClient'] as boolean | undefined) ?? false,
    api: { requestedAccessTokenVersion: (api as Properties)['requestedAccessTokenVersion'] ?? 1 },
    groupMembershipClaims: ((app['groupMembershipClaims'] as string | null) ?? '').split(',').filter(Boolean),
    optionalClaims: {
      idTokens: claims.map(({ name, additionalProperties }) => ({
        name: name ?? '',
        additionalProperties: additionalProperties ?? [],
      })),
    },
    requiredResourceAccesses: ((requiredResourceAccess ?? []) as Properties[]).map((access) => ({
      resourceAppId: access['resourceAppId'] ?? '',
      resourceAccesses: access['resourceAccess'] ?? [],
    })),
    web: {
      homepageUrl: homePageUrl ?? '',
      redirectUris: redirectUris ?? [],
      implicitGrant: {
        accessTokenIssuanceEnabled: grant?.['enableAccessTokenIssuance'] ?? false,
        idTokenIssuanceEnabled: grant?.['enableIdTokenIssuance'] ?? false,
      },
    },
  }
}
