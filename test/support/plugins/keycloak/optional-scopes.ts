import type { Properties } from '../../../../infra/provider/properties.ts'
import { diffProperties } from '../../../../infra/provider/property-diff.ts'
import type { ResourceType } from '../../../../infra/provider/resource-type.ts'
import { bareId, type Administration, text } from './administration.ts'
import { asInputs } from './values.ts'

interface Scope {
  id: string
  name: string
}

const KNOWN = new Set(['realmId', 'clientId', 'optionalScopes'])

/** `keycloak_openid_client_optional_scopes`: exactly these, whatever was there. */
export function optionalScopesType(administration: Administration): ResourceType {
  const pathOf = ({ realmId, clientId }: Properties): string => `/realms/${text(realmId)}/clients/${bareId(clientId)}`

  async function settle(inputs: Properties, wanted: readonly string[]): Promise<Properties> {
    const path = pathOf(inputs)
    const present = (await administration.ask('GET', `${path}/optional-client-scopes`)).body as Scope[]
    for (const { id, name } of present) {
      if (!wanted.includes(name)) await administration.ask('DELETE', `${path}/optional-client-scopes/${id}`)
    }
    const missing = wanted.filter((name) => !present.some((scope) => scope.name === name))
    if (missing.length > 0) await attach(inputs, missing)
    return inputs
  }

  async function attach(inputs: Properties, names: readonly string[]): Promise<void> {
    const all = (await administration.ask('GET', `/realms/${text(inputs['realmId'])}/client-scopes`)).body as Scope[]
    const byDefault = (await administration.ask('GET', `${pathOf(inputs)}/default-client-scopes`)).body as Scope[]
    for (const name of names) {
      const scope = all.find((candidate) => candidate.name === name)
      if (!scope) throw new Error(`validation error: scope ${name} does not exist`)
      if (byDefault.some(({ id }) => id === scope.id)) {
        throw new Error(`validation error: scope ${name} is already attached to client as a default scope`)
      }
      await administration.ask('PUT', `${pathOf(inputs)}/optional-client-scopes/${scope.id}`)
    }
  }

  const wantedIn = (inputs: Properties): string[] => inputs['optionalScopes'] as string[]
  return {
    secrets: [],
    stableOutputs: [],
    check: (inputs) => ({
      inputs,
      failures: [...KNOWN]
        .filter((name) => inputs[name] === undefined)
        .map((property) => ({ property, reason: 'is required' })),
    }),
    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['realmId', 'clientId'], unordered: ['optionalScopes'] }),
    plan: (inputs) => inputs,
    create: async (_call, inputs) => ({
      id: `${text(inputs['realmId'])}/${bareId(inputs['clientId'])}`,
      outputs: await settle(inputs, wantedIn(inputs)),
    }),
    async read(_call, _id, state, inputs) {
      const present = await administration.find<Scope[]>(`${pathOf(state)}/optional-client-scopes`)
      if (present === 'gone') return 'gone'
      const outputs = { ...state, optionalScopes: present.map(({ name }) => name) }
      return { outputs, inputs: asInputs(outputs, inputs, ['optionalScopes'], KNOWN) }
    },
    update: (_call, _id, _state, inputs) => settle(inputs, wantedIn(inputs)),
    async delete(_call, state) {
      const present = await administration.find<Scope[]>(`${pathOf(state)}/optional-client-scopes`)
      if (present !== 'gone') await settle(state, [])
    },
  }
}
