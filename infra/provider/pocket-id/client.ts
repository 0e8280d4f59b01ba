import { InitializationFailure, ProviderError } from '../errors.ts'
import { type PropertyValue, UNKNOWN } from '../properties.ts'
import { diffProperties, type PropertyChange } from '../property-diff.ts'
import { checkInputs, type DiffRequest, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { type Api, type DescribedClient, openApi } from './api.ts'
import { findAlterations, inKnownOrder, toBody, toSettings, unorderedInputs } from './client-record.ts'
import {
  type ClientInputs,
  clientInputsSchema,
  clientSettingsSchema,
  type ClientState,
  clientStateSchema,
} from './schema.ts'
import { isKnownAt } from './transport.ts'

/**
 * An OIDC client at Pocket ID. Its id is ours to choose, so that a create which was interrupted finds what it had made.
 * Everything about it is changed in place.
 * @param pause how to wait before a request is sent again; tests give one that does not
 * @see https://pocket-id.org/docs/api
 */
export function createClientType(pause?: Pause): ResourceType {
  return {
    secrets: [['apiKey']],
    stableOutputs: ['clientId'],

    check: (inputs) => ({ inputs, failures: checkInputs(clientInputsSchema, inputs) }),

    diff: (request) => diffClient(request, pause),

    plan(inputs, state) {
      const { takeOver, ...settings } = inputs
      return { ...settings, clientId: state?.['clientId'] ?? takeOver ?? inputs['clientId'] ?? UNKNOWN }
    },

    async create(call, properties) {
      const inputs = clientInputsSchema.parse(properties)
      const api = openApi(inputs, call.signal, pause)
      const id = inputs.takeOver ?? inputs.clientId
      const present = await api.readClient(id)
      if (present === 'gone') {
        if (inputs.takeOver !== undefined) throw nothingToTakeOver(inputs, id)
        await api.createClient({ ...toBody(inputs), id })
      } else {
        if (inputs.takeOver === undefined) requireUnused(inputs, present)
        await api.replaceClient(id, toBody(inputs, present))
      }
      return { id, outputs: await settle(api, inputs, id) }
    },

    async read(call, id, state, inputs) {
      const recorded = clientStateSchema.safeParse(state)
      if (!recorded.success) throw needsStackFile(call.name, id)
      const found = await openApi(recorded.data, call.signal, pause).readClient(id)
      if (found === 'gone') return 'gone'
      const settings = inKnownOrder(toSettings(found), recorded.data)
      const { url, apiKey, clientId } = recorded.data
      const program = Object.entries(inputs).filter(([name]) => !(name in clientSettingsSchema.shape))
      return {
        inputs: { ...Object.fromEntries(program), ...settings },
        outputs: { url, apiKey, clientId, ...settings },
      }
    },

    async update(call, id, _state, properties) {
      const inputs = clientInputsSchema.parse(properties)
      const api = openApi(inputs, call.signal, pause)
      const present = await api.readClient(id)
      if (present === 'gone') {
        const text = `${inputs.url} knows no client ${id} any more: run "pulumi refresh", and the next "pulumi up" makes it anew`
        throw new ProviderError('vendor_refused', text)
      }
      await api.replaceClient(id, toBody(inputs, present))
      return settle(api, inputs, id)
    },

    async delete(call, state) {
      const recorded = clientStateSchema.parse(state)
      await openApi(recorded, call.signal, pause).deleteClient(recorded.clientId)
    },
  }
}

/**
 * Lets the groups in, and looks whether all is as asked for.
 * @throws InitializationFailure, since the client is there by now
 */
async function settle(api: Api, inputs: ClientInputs, id: string): Promise<ClientState> {
  const { url, apiKey } = inputs
  const wanted = clientSettingsSchema.parse(inputs)
  const made = { url, apiKey, clientId: id, ...wanted }
  try {
    if (inputs.allowedUserGroupIds) await api.allowUserGroups(id, inputs.allowedUserGroupIds)
    const found = await api.readClient(id)
    const settings = found === 'gone' ? undefined : toSettings(found)
    const altered = settings === undefined ? ['everything'] : findAlterations(wanted, settings)
    if (settings !== undefined && altered.length === 0) return made
    const text = `${url} did not make client ${id} as asked, but with another ${altered.join(', ')}: has somebody changed it, or deleted a group, just now? Then run the same command again`
    throw new ProviderError('registration_altered', text)
  } catch (error) {
    throw new InitializationFailure(id, made, error)
  }
}

/**
 * A client with our id is what a deployment made that died before it could say so; it had no secret by then. One with
 * secrets belongs to another state, or to this one, which is about to make another and to delete this.
 * @throws ProviderError `vendor_refused`
 */
function requireUnused({ url, clientId }: ClientInputs, { name, credentials }: DescribedClient): void {
  // Before 2.14 nobody can tell.
  if (!credentials.secrets || credentials.secrets.length === 0) return
  throw new ProviderError(
    'vendor_refused',
    `${url} has a client ${clientId} (${JSON.stringify(name)}) with secrets that this stack does not know. If it is this ` +
      `stack's, take it over: write "import: ${clientId}" under this identity provider. If nobody uses it, delete it there`,
  )
}

function nothingToTakeOver({ url }: ClientInputs, id: string): ProviderError {
  const text = `${url} has no client ${id} to take over: correct "import" of this identity provider, or leave it out`
  return new ProviderError('vendor_refused', text)
}

function needsStackFile(name: string, id: string): ProviderError {
  const text = `${name}: without the stack file nobody knows where ${id} is: write "import: ${id}" under the identity provider there, and run "pulumi up"`
  return new ProviderError('import_unsupported', text)
}

/**
 * Another address is mostly the same Pocket ID under a new name, where the client is too; else it is made there. Another
 * client to take over takes the place of this one; other than that, neither id is looked at again.
 */
async function diffClient({ state, oldInputs, newInputs }: DiffRequest, pause?: Pause): Promise<PropertyChange[]> {
  const { clientId } = state
  const { clientId: _, takeOver: __, ...before } = oldInputs
  const { clientId: ___, takeOver, ...after } = newInputs
  const isElsewhere = before['url'] !== after['url'] && (await isMissingAt(after['url'], clientId, pause))
  const changes = diffProperties(before, after, { replaceOn: isElsewhere ? ['url'] : [], unordered: unorderedInputs })
  if (takeOver === undefined || takeOver === clientId) return changes
  return [...changes, { path: ['takeOver'], kind: 'update', replaces: true }]
}

/** Where that cannot be found out it is false: an update, which then fails in plain words, does less harm. */
async function isMissingAt(url: PropertyValue | undefined, clientId: PropertyValue | undefined, pause?: Pause) {
  if (typeof url !== 'string' || url === UNKNOWN || typeof clientId !== 'string') return false
  return (await isKnownAt(url, clientId, AbortSignal.timeout(DIFF_TIMEOUT_MS), pause)) === 'no'
}

/** How long a diff may ask at a new address, in milliseconds. */
const DIFF_TIMEOUT_MS = 10_000
