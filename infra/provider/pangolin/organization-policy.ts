import { ProviderError } from '../errors.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { type Api, openApi } from './api.ts'
import { readOurs } from './ownership.ts'
import {
  type OrganizationPolicyInputs,
  organizationPolicyInputsSchema,
  type OrganizationPolicyState,
  organizationPolicyStateSchema,
} from './schema.ts'

/**
 * Who comes into an organization of a Pangolin by an identity provider, and with which role. There is one for each pair, so
 * that a create which was interrupted finds what it had made.
 * @param pause how to wait before a request is sent again; tests give one that does not
 * @see https://docs.pangolin.net/manage/identity-providers/auto-provisioning
 */
export function createOrganizationPolicyType(pause?: Pause): ResourceType {
  return {
    secrets: [['apiKey']],
    stableOutputs: ['idpId', 'organization'],

    check: (inputs) => ({ inputs, failures: checkInputs(organizationPolicyInputsSchema, inputs) }),

    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['idpId', 'organization'], unordered: [] }),

    plan: (inputs) => inputs,

    async create(call, properties) {
      const inputs = organizationPolicyInputsSchema.parse(properties)
      return { id: `${inputs.idpId}/${inputs.organization}`, outputs: await set(inputs, call.signal, pause) }
    },

    async read(call, id, state, inputs) {
      const recorded = organizationPolicyStateSchema.safeParse(state)
      if (!recorded.success) {
        const text = `${call.name}: policy ${id} cannot be imported, nor need it be: "pulumi up" takes it over`
        throw new ProviderError('import_unsupported', text)
      }
      const { idpId, organization } = recorded.data
      const api = openApi(recorded.data, call.signal, pause)
      if ((await readOurs(api, recorded.data)) === 'gone') return 'gone'
      const found = await api.readPolicy(idpId, organization)
      if (found === undefined) return 'gone'
      const { roleMapping = '', orgMapping = '' } = found
      return {
        inputs: { ...inputs, roleMapping, orgMapping },
        outputs: { ...recorded.data, roleMapping, orgMapping },
      }
    },

    update: (call, _id, _state, properties) =>
      set(organizationPolicyInputsSchema.parse(properties), call.signal, pause),

    async delete(call, state) {
      const recorded = organizationPolicyStateSchema.parse(state)
      const { idpId, organization } = recorded
      const api = openApi(recorded, call.signal, pause)
      // It goes with its identity provider.
      if ((await readOurs(api, recorded)) !== 'gone') await remove(api, idpId, organization)
    },
  }
}

async function set(
  inputs: OrganizationPolicyInputs,
  signal: AbortSignal,
  pause?: Pause,
): Promise<OrganizationPolicyState> {
  const { idpId, organization, roleMapping, orgMapping } = inputs
  const api = openApi(inputs, signal, pause)
  const mappings = { roleMapping, orgMapping }
  if ((await readOurs(api, inputs)) === 'gone') {
    const text = `${inputs.api} knows no identity provider ${idpId} any more: run "pulumi refresh", and the next "pulumi up" makes it anew`
    throw new ProviderError('vendor_refused', text)
  }
  if (await api.readPolicy(idpId, organization)) await api.changePolicy(idpId, organization, mappings)
  else await make(api, inputs)
  return inputs
}

/** For an organization that does not exist, Pangolin says nothing but that something went wrong. */
async function make(
  api: Api,
  { idpId, organization, roleMapping, orgMapping }: OrganizationPolicyInputs,
): Promise<void> {
  try {
    await api.createPolicy(idpId, organization, { roleMapping, orgMapping })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'unreachable') throw error
    const text = `${error.message}. Is there an organization with the id ${JSON.stringify(organization)} in this Pangolin?`
    throw new ProviderError('vendor_refused', text, { cause: error })
  }
}

/** To delete a policy that is not there, Pangolin answers with an error that it has for everything. */
async function remove(api: Api, idpId: string, organization: string): Promise<void> {
  if (!(await api.readPolicy(idpId, organization))) return
  try {
    await api.deletePolicy(idpId, organization)
  } catch (error) {
    // The first of several tries may have done it.
    if (await api.readPolicy(idpId, organization)) throw error
  }
}
