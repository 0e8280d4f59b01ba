import { createHash } from 'node:crypto'

import { ProviderError } from '../errors.ts'
import { UNKNOWN } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { type DescribedClient, type DescribedSecret, openApi } from './api.ts'
import {
  type ClientSecretInputs,
  clientSecretInputsSchema,
  type ClientSecretState,
  clientSecretStateSchema,
} from './schema.ts'

/**
 * One secret of a client. From 2.14 on a client can have several, and we say what they are: a create that was interrupted
 * finds what it had made, and one that was deleted by hand comes back as it was. Before that Pocket ID has one secret a
 * client, chooses it, and cannot be asked about it: a new one ends the old one at that moment.
 * @param pause how to wait before a request is sent again; tests give one that does not
 * @see https://pocket-id.org/docs/api
 */
export function createClientSecretType(pause?: Pause): ResourceType {
  return {
    secrets: [['apiKey'], ['proposed'], ['value']],
    stableOutputs: ['value'],

    check: (inputs) => ({ inputs, failures: checkInputs(clientSecretInputsSchema, inputs) }),

    async diff({ oldInputs, newInputs }) {
      const { besideAnother: _, ...before } = oldInputs
      const { besideAnother: __, ...after } = newInputs
      return diffProperties(before, after, { replaceOn: ['clientId', 'proposed'], unordered: [] })
    },

    plan: (inputs, state) => ({
      ...inputs,
      secretId: state?.['secretId'] ?? UNKNOWN,
      value: state?.['value'] ?? UNKNOWN,
    }),

    async create(call, properties) {
      const inputs = clientSecretInputsSchema.parse(properties)
      const state = await makeLive(inputs, call.signal, pause)
      // What an id has to tell apart, where Pocket ID has none.
      const name =
        state.secretId === '' ? createHash('sha256').update(state.value).digest('hex').slice(0, 16) : state.secretId
      return { id: `${inputs.clientId}/${name}`, outputs: state }
    },

    async read(call, id, state, inputs) {
      const recorded = clientSecretStateSchema.safeParse(state)
      if (!recorded.success) {
        const text = `${call.name}: secret ${id} cannot be imported, nor need it be: "pulumi up" makes another one beside it`
        throw new ProviderError('import_unsupported', text)
      }
      const client = await openApi(recorded.data, call.signal, pause).readClient(recorded.data.clientId)
      if (client === 'gone') return 'gone'
      const { secrets } = client.credentials
      if (!secrets) return { inputs, outputs: state }
      const found = findRecorded(secrets, recorded.data)
      return found === undefined ? 'gone' : { inputs, outputs: { ...state, secretId: found.id } }
    },

    async update(call, _id, state, properties) {
      const { url, apiKey, clientId, proposed } = clientSecretInputsSchema.parse(properties)
      const { secretId, value } = clientSecretStateSchema.parse(state)
      const inputs = { url, apiKey, clientId, proposed, besideAnother: true }
      const { secrets } = await readClient(inputs, call.signal, pause)
      if (!secrets || findRecorded(secrets, { secretId })) return { url, apiKey, clientId, secretId, value }
      // At another address, where the client came to stand without its secrets.
      return makeLive(inputs, call.signal, pause)
    },

    async delete(call, state) {
      const recorded = clientSecretStateSchema.parse(state)
      const { clientId } = recorded
      const api = openApi(recorded, call.signal, pause)
      const client = await api.readClient(clientId)
      // A client's only secret goes when the client does, or when another one takes its place.
      const secrets = client === 'gone' ? undefined : client.credentials.secrets
      const found = secrets && findRecorded(secrets, recorded)
      if (found) await api.deleteSecret(clientId, found.id)
    },
  }
}

/** @throws ProviderError `rotation_unsupported` where a new secret would end one that is to stay good */
async function makeLive(inputs: ClientSecretInputs, signal: AbortSignal, pause?: Pause): Promise<ClientSecretState> {
  const { url, apiKey, clientId, proposed } = inputs
  const api = openApi({ url, apiKey }, signal, pause)
  const { secrets } = await readClient(inputs, signal, pause)
  if (secrets) {
    const { id } = findProposed(secrets, proposed) ?? (await api.addSecret(clientId, proposed))
    return { url, apiKey, clientId, secretId: id, value: proposed }
  }
  if (inputs.besideAnother) throw noOverlap(url)
  return { url, apiKey, clientId, secretId: '', value: await api.renewSecret(clientId) }
}

async function readClient(
  { url, apiKey, clientId }: ClientSecretInputs,
  signal: AbortSignal,
  pause?: Pause,
): Promise<DescribedClient['credentials']> {
  const client = await openApi({ url, apiKey }, signal, pause).readClient(clientId)
  if (client !== 'gone') return client.credentials
  const text = `${url} knows no client ${clientId} any more: run "pulumi refresh", and the next "pulumi up" makes it anew`
  throw new ProviderError('vendor_refused', text)
}

/** Pocket ID shows the first four characters; of a client's few secrets that tells them apart. */
function findProposed(secrets: readonly DescribedSecret[], proposed: string): DescribedSecret | undefined {
  return secrets.find(({ prefix, isActive }) => isActive && prefix === proposed.slice(0, 4))
}

/** A secret from before 2.14 has got an id with the update of Pocket ID, but its beginning was never stored. */
function findRecorded(
  secrets: readonly DescribedSecret[],
  { secretId }: Pick<ClientSecretState, 'secretId'>,
): DescribedSecret | undefined {
  return secrets.find(({ id, prefix, isActive }) => isActive && (secretId === '' ? prefix === '' : id === secretId))
}

function noOverlap(url: string): ProviderError {
  return new ProviderError(
    'rotation_unsupported',
    `${url} is a Pocket ID before 2.14, which keeps one secret a client: a second one would end the first at that moment, ` +
      'and nothing was changed. Update Pocket ID; or write the new name alone into clientSecrets, in the place of the old ' +
      'one, and run "pulumi up": sign-ins then fail for the seconds until the gateway has the new secret',
  )
}
