import { InitializationFailure, ProviderError } from '../errors.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { findAddresses } from './addresses.ts'
import { type Described, openApi } from './api.ts'
import { differences, settingsOf, toBody } from './client-settings.ts'
import { readOurs } from './ownership.ts'
import {
  type Addresses,
  addressesSchema,
  type CredentialsInputs,
  credentialsInputsSchema,
  type CredentialsState,
  credentialsStateSchema,
} from './schema.ts'

/**
 * The client that an identity provider of a Pangolin is: what completes it. All of it is changed in place, so that a new
 * secret takes over in one step, before the old one goes.
 * @param pause how to wait before a request is sent again; tests give one that does not
 */
export function createCredentialsType(pause?: Pause): ResourceType {
  return {
    secrets: [['apiKey'], ['clientSecret']],
    stableOutputs: ['idpId'],

    check: (inputs) => ({ inputs, failures: checkInputs(credentialsInputsSchema, inputs) }),

    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['idpId'], unordered: [] }),

    plan: (inputs) => inputs,

    async create(call, properties) {
      const inputs = credentialsInputsSchema.parse(properties)
      return { id: inputs.idpId, outputs: await complete(inputs, call.signal, pause) }
    },

    async read(call, id, state, inputs) {
      const recorded = credentialsStateSchema.safeParse(state)
      if (!recorded.success) {
        const text = `${call.name}: the client of identity provider ${id} cannot be imported, nor need it be: "pulumi up" sets it`
        throw new ProviderError('import_unsupported', text)
      }
      const found = await readOurs(openApi(recorded.data, call.signal, pause), recorded.data)
      if (found === 'gone' || found.idpOidcConfig === null) return 'gone'
      const { addresses, ...rest } = recorded.data
      const settings = settingsOf(found.idpOidcConfig)
      const present = addressesOf(found)
      const moved = differences(addresses, present).map((name) => [name, present[name] ?? ''] as const)
      // Inputs that no program says: they read as what is there, and are taken away by the next update.
      const program = Object.entries(inputs).filter(([name]) => credentialsOnly.has(name))
      return {
        inputs: { ...Object.fromEntries(program), ...settings, ...Object.fromEntries(moved) },
        outputs: { api: rest.api, apiKey: rest.apiKey, idpId: rest.idpId, mark: rest.mark, ...settings, addresses },
      }
    },

    update: (call, _id, _state, properties) => complete(credentialsInputsSchema.parse(properties), call.signal, pause),

    /** It goes with the identity provider; until then its sign-in button works for as long as the client does. */
    async delete() {},
  }
}

/** Inputs that Pangolin does not tell. */
const credentialsOnly = new Set(['api', 'apiKey', 'idpId', 'mark', 'issuer', 'authorizationEndpoint', 'tokenEndpoint'])

/** @throws InitializationFailure once something was written */
async function complete(inputs: CredentialsInputs, signal: AbortSignal, pause?: Pause): Promise<CredentialsState> {
  const { api: base, apiKey, idpId, mark } = inputs
  const api = openApi(inputs, signal, pause)
  const wanted = settingsOf(inputs)
  const before = await readOpenId()
  const named = await findAddresses(inputs, signal, pause)
  const { authUrl, tokenUrl, discoveryUrl } = named
  // It refuses members that its version does not know.
  const addresses: Addresses =
    before.idpOidcConfig?.discoveryUrl === undefined ? { authUrl, tokenUrl } : { discoveryUrl }
  const made = { api: base, apiKey, idpId, mark, ...wanted, addresses }
  try {
    await api.changeIdentityProvider(idpId, { ...toBody(wanted), ...addresses }, [inputs.clientSecret])
    const found = await readOpenId()
    const altered = [
      ...differences(wanted, settingsOf(found.idpOidcConfig ?? {})),
      ...differences(addresses, addressesOf(found)),
    ]
    if (altered.length === 0) return made
    const text = `${base} did not take identity provider ${idpId} as asked, but with another ${altered.join(', ')}: has somebody changed it just now? Then run the same command again`
    throw new ProviderError('registration_altered', text)
  } catch (error) {
    throw new InitializationFailure(idpId, made, error)
  }

  async function readOpenId(): Promise<Described> {
    const described = await readOurs(api, inputs)
    if (described !== 'gone' && described.idpOidcConfig !== null) return described
    const text = `${base} knows no OpenID Connect identity provider ${idpId} any more: run "pulumi refresh", and the next "pulumi up" makes it anew`
    throw new ProviderError('vendor_refused', text)
  }
}

function addressesOf({ idpOidcConfig }: Described): Addresses {
  const { authUrl = '', tokenUrl = '', discoveryUrl } = addressesSchema.parse(idpOidcConfig)
  return discoveryUrl === undefined ? { authUrl, tokenUrl } : { discoveryUrl }
}
