import { UNKNOWN, type Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { text } from './inputs.ts'
import type { Management } from './management.ts'
import { asSaid, fromWire, toWire } from './wire.ts'

/** Those of the official schema that are used here. */
const known = [
  'name',
  'description',
  'appType',
  'isFirstParty',
  'oidcConformant',
  'callbacks',
  'allowedLogoutUrls',
  'grantTypes',
  'jwtConfiguration',
  'refreshToken',
  'initiateLoginUri',
  'oidcLogout',
]
/** Optional and computed, in the official schema's words. */
const computed = ['isFirstParty', 'oidcConformant', 'callbacks', 'grantTypes', 'jwtConfiguration', 'refreshToken']
/** The plugin's own default for applications of these types. */
const authMethods: Record<string, string> = { regular_web: 'client_secret_post', non_interactive: 'client_secret_post' }

/** `auth0:index/client:Client`; its id is the client id, and it does not know the secret. */
export function clientType(management: Management): ResourceType {
  return {
    secrets: [],
    stableOutputs: ['clientId'],
    check: (inputs) => ({
      inputs: { description: 'Managed by Pulumi', ...inputs },
      failures: Object.keys(inputs)
        .filter((name) => !known.includes(name))
        .map((property) => ({ property, reason: 'the stand-in does not know it' })),
    }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: [], unordered: [] })
        // What the program does not say of these stays as Auth0 has it; after an import that is a great deal.
        .filter(({ path, kind }) => kind !== 'delete' || !computed.includes(String(path[0])))
        .map((change) => ({ ...change, replaces: change.path[1] === 'secretEncoded' })),
    plan: (inputs, state) => ({ ...inputs, clientId: state?.['clientId'] ?? UNKNOWN }),
    async create({ signal }, inputs) {
      const method = authMethods[text(inputs, 'appType')]
      const extra = method === undefined ? {} : { token_endpoint_auth_method: method }
      const made = await management.ask('POST', 'clients', signal, { ...toWire(inputs), ...extra })
      const id = text(made, 'client_id')
      return { id, outputs: { ...inputs, clientId: id } }
    },
    async read({ signal }, id, _state, inputs) {
      const found = await management.find(`clients/${id}`, signal)
      if (found === 'gone') return 'gone'
      const present = pick(fromWire(found))
      return { inputs: asSaid(present, inputs), outputs: { ...present, clientId: id } }
    },
    async update({ signal }, id, _state, inputs) {
      await management.ask('PATCH', `clients/${id}`, signal, toWire(inputs))
      return { ...inputs, clientId: id }
    },
    async delete({ signal }, state) {
      await management.ask('DELETE', `clients/${text(state, 'clientId')}`, signal)
    },
  }
}

function pick(client: Properties): Properties {
  return Object.fromEntries(Object.entries(client).filter(([name]) => known.includes(name)))
}
