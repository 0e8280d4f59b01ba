import type { Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { bareId, type Administration, text } from './administration.ts'

interface Role {
  id: string
  name: string
}

const REQUIRED = ['realmId', 'serviceAccountUserId', 'clientId', 'role']

/** `keycloak_openid_client_service_account_role`: gives a service account a role of another client. */
export function serviceAccountRoleType(administration: Administration): ResourceType {
  const mappingsOf = ({ realmId, serviceAccountUserId, clientId }: Properties): string =>
    `/realms/${text(realmId)}/users/${text(serviceAccountUserId)}/role-mappings/clients/${bareId(clientId)}`

  async function roleOf({ realmId, clientId, role }: Properties): Promise<Role> {
    const path = `/realms/${text(realmId)}/clients/${bareId(clientId)}/roles/${text(role)}`
    return (await administration.ask('GET', path)).body as Role
  }

  async function isGiven(state: Properties): Promise<boolean> {
    const given = await administration.find<Role[]>(mappingsOf(state))
    return given !== 'gone' && given.some(({ name }) => name === state['role'])
  }

  return {
    secrets: [],
    stableOutputs: [],
    check: (inputs) => ({
      inputs,
      failures: REQUIRED.filter((name) => inputs[name] === undefined).map((property) => ({
        property,
        reason: 'is required',
      })),
    }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: REQUIRED, unordered: [] }),
    plan: (inputs) => inputs,
    async create(_call, inputs) {
      const role = await roleOf(inputs)
      await administration.ask('POST', mappingsOf(inputs), [role])
      return { id: `${text(inputs['serviceAccountUserId'])}/${role.id}`, outputs: inputs }
    },
    read: async (_call, _id, state, inputs) => ((await isGiven(state)) ? { outputs: state, inputs } : 'gone'),
    update: async () => {
      throw new Error('every change of it is a replacement')
    },
    async delete(_call, state) {
      if (await isGiven(state)) await administration.ask('DELETE', mappingsOf(state), [await roleOf(state)])
    },
  }
}
