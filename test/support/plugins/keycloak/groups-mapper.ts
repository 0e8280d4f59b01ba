import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { Properties } from '../../../../infra/provider/properties.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { bareId, type Administration, text } from './administration.ts'
import { asInputs, asText } from './values.ts'

interface Mapper {
  id: string
  name: string
  config: Record<string, string>
}

/** Input → key of the mapper's configuration, and the plugin's default. */
const SWITCHES: Record<string, [key: string, otherwise: boolean]> = {
  fullPath: ['full.path', true],
  addToIdToken: ['id.token.claim', true],
  addToAccessToken: ['access.token.claim', true],
  addToUserinfo: ['userinfo.token.claim', true],
  addToTokenIntrospection: ['introspection.token.claim', false],
}

const REQUIRED = ['realmId', 'name', 'claimName', 'clientId']
const KNOWN = new Set([...REQUIRED, ...Object.keys(SWITCHES)])

/** `keycloak_openid_group_membership_protocol_mapper` on a client. */
export function groupsMapperType(administration: Administration): ResourceType {
  const pathOf = ({ realmId, clientId }: Properties): string =>
    `/realms/${text(realmId)}/clients/${bareId(clientId)}/protocol-mappers/models`

  async function requireFreeName(inputs: Properties, id: string | undefined): Promise<void> {
    const { body } = await administration.ask('GET', pathOf(inputs))
    if ((body as Mapper[]).some((other) => other.name === inputs['name'] && other.id !== id)) {
      throw new Error(`a protocol mapper with name ${text(inputs['name'])} already exists for this client`)
    }
  }

  return {
    secrets: [],
    stableOutputs: [],
    check: (inputs) => ({
      inputs,
      failures: [
        ...REQUIRED.filter((name) => inputs[name] === undefined).map((property) => ({
          property,
          reason: 'is required',
        })),
        ...Object.keys(inputs)
          .filter((name) => !KNOWN.has(name))
          .map((property) => ({ property, reason: 'the stand-in does not know it' })),
      ],
    }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['realmId', 'clientId', 'name'], unordered: [] }),
    plan: (inputs) => inputs,
    async create(_call, inputs) {
      await requireFreeName(inputs, undefined)
      const { locationId } = await administration.ask('POST', pathOf(inputs), representation(inputs))
      return { id: locationId, outputs: { ...inputs, internalId: locationId } }
    },
    async read(_call, id, state, inputs) {
      const found = await administration.find<Mapper>(`${pathOf(state)}/${id}`)
      if (found === 'gone') return 'gone'
      const outputs = { ...state, ...toOutputs(found), internalId: id }
      return { outputs, inputs: asInputs(outputs, inputs, [], KNOWN) }
    },
    async update(_call, id, _state, inputs) {
      await requireFreeName(inputs, id)
      await administration.ask('PUT', `${pathOf(inputs)}/${id}`, { id, ...representation(inputs) })
      return { ...inputs, internalId: id }
    },
    async delete(_call, state) {
      const path = `${pathOf(state)}/${text(state['internalId'])}`
      if ((await administration.find(path)) !== 'gone') await administration.ask('DELETE', path)
    },
  }
}

function representation(inputs: Properties): object {
  const switches = Object.entries(SWITCHES).map(([name, [key, otherwise]]) => [key, asText(inputs[name] ?? otherwise)])
  return {
    name: inputs['name'],
    protocol: 'openid-connect',
    protocolMapper: 'oidc-group-membership-mapper',
    config: { ...Object.fromEntries(switches), 'claim.name': inputs['claimName'] },
  }
}

function toOutputs({ name, config }: Mapper): Properties {
  const switches = Object.entries(SWITCHES).map(([input, [key]]) => [input, config[key] === 'true'])
  return { name, claimName: config['claim.name'] ?? '', ...(Object.fromEntries(switches) as Properties) }
}
