import { UNKNOWN, type Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { CheckFailure, ProviderFunction, ResourceType } from '../../../../infra/provider/resource-type.ts'
import { bareId, type Administration, text } from './administration.ts'
import { type ClientRepresentation, KNOWN, toOutputs, toRepresentation, UNORDERED } from './client-representation.ts'
import { asInputs } from './values.ts'

const ACCESS_TYPES = ['CONFIDENTIAL', 'PUBLIC', 'BEARER-ONLY']

/** `keycloak_openid_client`; in another realm it is another client, everything else is changed in place. */
export function clientType(administration: Administration): ResourceType {
  const stateOf = (realm: string, id: string) => readState(administration, realm, id)
  return {
    secrets: [['clientSecret']],
    stableOutputs: ['serviceAccountUserId'],
    check: (inputs) => ({ inputs, failures: failuresOf(inputs) }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['realmId'], unordered: UNORDERED }),
    plan: (inputs, state) => ({
      clientSecret: UNKNOWN,
      serviceAccountUserId: inputs['serviceAccountsEnabled'] === true ? UNKNOWN : '',
      ...state,
      ...inputs,
    }),
    async create(_call, inputs) {
      await administration.readServerInfo()
      const realm = text(inputs['realmId'])
      const { locationId } = await administration.ask('POST', `/realms/${realm}/clients`, toRepresentation(inputs))
      const outputs = await stateOf(realm, locationId)
      if (outputs === 'gone') throw new Error(`the client ${locationId} is gone again`)
      return { id: locationId, outputs }
    },
    async read(_call, id, state, inputs) {
      const [realm = ''] = state['realmId'] === undefined ? id.split('/') : [text(state['realmId'])]
      const outputs = await stateOf(realm, bareId(id))
      return outputs === 'gone' ? 'gone' : { outputs, inputs: asInputs(outputs, inputs, UNORDERED, KNOWN) }
    },
    async update(_call, id, _state, inputs) {
      await administration.readServerInfo()
      const realm = text(inputs['realmId'])
      const representation = { ...toRepresentation(inputs), id: bareId(id) }
      await administration.ask('PUT', `/realms/${realm}/clients/${bareId(id)}`, representation)
      const outputs = await stateOf(realm, bareId(id))
      if (outputs === 'gone') throw new Error(`the client ${bareId(id)} is gone`)
      return outputs
    },
    async delete(_call, state) {
      const path = `/realms/${text(state['realmId'])}/clients/${text(state['internalId'])}`
      if ((await administration.find(path)) !== 'gone') await administration.ask('DELETE', path)
    },
  }
}

/** The data source: an error where there is no such client, as the plugin has it. */
export function findClientFunction(administration: Administration): ProviderFunction {
  return async ({ realmId, clientId }) => {
    const path = `/realms/${text(realmId)}/clients`
    const found = await administration.ask('GET', `${path}?clientId=${encodeURIComponent(text(clientId))}`)
    const [client] = found.body as ClientRepresentation[]
    if (!client) throw new Error(`openid client with name ${text(clientId)} does not exist`)
    const { body } = await administration.ask('GET', `${path}/${String(client.id)}/client-secret`)
    const secret = (body as { value?: string }).value ?? ''
    return { ...toOutputs(text(realmId), client, secret), id: String(client.id) }
  }
}

async function readState(administration: Administration, realm: string, id: string): Promise<Properties | 'gone'> {
  const path = `/realms/${realm}/clients/${id}`
  const found = await administration.find<ClientRepresentation>(path)
  if (found === 'gone') return 'gone'
  const { body } = await administration.ask('GET', `${path}/client-secret`)
  const secret = (body as { value?: string }).value ?? ''
  const account = found['serviceAccountsEnabled']
    ? await administration.ask('GET', `${path}/service-account-user`)
    : undefined
  const serviceAccountUserId = (account?.body as { id: string } | undefined)?.id ?? ''
  // The frame tells no id to `delete`.
  return { ...toOutputs(realm, found, secret), serviceAccountUserId, internalId: id }
}

function failuresOf(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = []
  for (const property of ['realmId', 'accessType', 'clientId']) {
    if (inputs[property] === undefined) failures.push({ property, reason: 'Missing required argument' })
  }
  for (const property of Object.keys(inputs)) {
    if (!KNOWN.has(property)) failures.push({ property, reason: 'the stand-in does not know it' })
  }
  const { accessType, pkceCodeChallengeMethod: pkce, validRedirectUris: uris } = inputs
  if (typeof accessType === 'string' && accessType !== UNKNOWN && !ACCESS_TYPES.includes(accessType)) {
    failures.push({ property: 'accessType', reason: `expected one of ${ACCESS_TYPES.join(', ')}` })
  }
  if (typeof pkce === 'string' && !['', 'plain', 'S256', UNKNOWN].includes(pkce)) {
    failures.push({ property: 'pkceCodeChallengeMethod', reason: 'expected one of "", plain, S256' })
  }
  const codeFlow = inputs['standardFlowEnabled'] === true || inputs['implicitFlowEnabled'] === true
  const count = Array.isArray(uris) ? uris.length : 0
  if (codeFlow && count === 0 && uris !== UNKNOWN) {
    failures.push({ property: 'validRedirectUris', reason: 'standard and implicit flows require at least one' })
  }
  if (!codeFlow && count > 0) {
    failures.push({
      property: 'validRedirectUris',
      reason: 'cannot be set when standard or implicit flow is not enabled',
    })
  }
  return failures
}
