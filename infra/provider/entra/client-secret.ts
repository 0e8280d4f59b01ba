import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { GONE, type Graph, lookTwice, openGraph, understand } from './graph.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { administrationSchema } from './schema.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const inputsSchema = z.strictObject({
  administration: administrationSchema,
  /** Object id, not client id. */
  applicationObjectId: z.guid(),
  /**
   * One of its kind in the application. Another secret of this name was left behind by a deployment that died before it
   * could record it, and is removed.
   */
  displayName: z.string().min(1).max(120),
  /** How long the secret is good from its making on; a change is for the next one. */
  lifetimeDays: z.int().positive().max(36_500),
})

const stateSchema = inputsSchema.extend({ keyId: z.string(), value: z.string(), expiresAt: z.string() })

export type ClientSecretInputs = z.infer<typeof inputsSchema>
export type ClientSecretState = z.infer<typeof stateSchema>

/**
 * A client secret of an application, chosen by Entra and told only once.
 *
 * Ours and not the official plugin's, because that cannot take over a secret whose making was not recorded: the
 * application would keep one that nobody knows and that works for years. A secret is therefore to be followed by one of
 * another name; replacing it under the same name ends it before its successor is deployed.
 * @see https://learn.microsoft.com/en-us/graph/api/application-addpassword
 */
export function createClientSecretType(pause?: Pause): ResourceType {
  return {
    secrets: [['administration', 'clientSecret'], ['value']],
    stableOutputs: ['keyId', 'value', 'expiresAt'],

    check: (inputs) => ({ inputs, failures: checkInputs(inputsSchema, inputs) }),

    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, { replaceOn: ['applicationObjectId', 'displayName'], unordered: [] }),

    plan: (inputs, state) => ({
      ...inputs,
      keyId: state?.['keyId'] ?? UNKNOWN,
      value: state?.['value'] ?? UNKNOWN,
      expiresAt: state?.['expiresAt'] ?? UNKNOWN,
    }),

    async create(call, properties) {
      const inputs = inputsSchema.parse(properties)
      const graph = await openGraph(inputs.administration, call.signal, pause)
      const { keyId, secretText, endDateTime } = await oneAtATime(inputs.applicationObjectId, async () => {
        await removeNamesakes(graph, inputs)
        return addPassword(graph, inputs)
      })
      return { id: keyId, outputs: { ...inputs, keyId, value: secretText, expiresAt: endDateTime } }
    },

    async read(call, id, state, inputs) {
      const recorded = parseState(call.name, id, state)
      const graph = await openGraph(recorded.administration, call.signal, pause)
      const look = async () => (await passwordsOf(graph, recorded)).find(({ keyId }) => keyId === recorded.keyId)
      const found = await lookTwice(look, call.signal, pause)
      if (!found || Date.parse(found.endDateTime) <= Date.now()) return 'gone'
      return { inputs, outputs: { ...recorded, expiresAt: found.endDateTime } }
    },

    async update(call, id, state, properties) {
      const { keyId, value, expiresAt } = parseState(call.name, id, state)
      return { ...inputsSchema.parse(properties), keyId, value, expiresAt }
    },

    async delete(call, state) {
      const recorded = parseState(call.name, '', state)
      const graph = await openGraph(recorded.administration, call.signal, pause)
      await oneAtATime(recorded.applicationObjectId, () => removePassword(graph, recorded, recorded.keyId))
    },
  }
}

type Place = Pick<ClientSecretInputs, 'applicationObjectId'>

const passwordsSchema = z.object({
  passwordCredentials: z.array(
    z.object({ keyId: z.string(), displayName: z.string().nullish(), endDateTime: z.string() }),
  ),
})

/** What an application has; an application that is not there has none. */
async function passwordsOf(graph: Graph, { applicationObjectId }: Place) {
  const found = await graph.read(`/applications/${applicationObjectId}?$select=id,passwordCredentials`)
  return found === GONE ? [] : understand(passwordsSchema, found, graph.url).passwordCredentials
}

async function removeNamesakes(graph: Graph, inputs: ClientSecretInputs): Promise<void> {
  const present = await passwordsOf(graph, inputs)
  for (const { keyId, displayName } of present) {
    if (displayName === inputs.displayName) await removePassword(graph, inputs, keyId)
  }
}

const madeSchema = z.object({ keyId: z.string(), secretText: z.string().min(1), endDateTime: z.string() })

async function addPassword(graph: Graph, inputs: ClientSecretInputs): Promise<z.infer<typeof madeSchema>> {
  const path = `/applications/${inputs.applicationObjectId}/addPassword`
  const endDateTime = new Date(Date.now() + inputs.lifetimeDays * DAY_MS).toISOString()
  const answer = await graph.make(path, { passwordCredential: { displayName: inputs.displayName, endDateTime } })
  const made = madeSchema.safeParse(answer.body)
  if (answer.status === 200 && made.success) return made.data
  throw graph.refused('make a client secret at', path, answer)
}

/** One that is gone already counts as removed. */
async function removePassword(graph: Graph, place: Place, keyId: string): Promise<void> {
  const path = `/applications/${place.applicationObjectId}/removePassword`
  const answer = await graph.send('POST', path, { keyId })
  if (answer.status === 204) return
  const present = await passwordsOf(graph, place)
  if (present.some((password) => password.keyId === keyId))
    throw graph.refused('remove a client secret at', path, answer)
}

function parseState(name: string, id: string, state: Properties): ClientSecretState {
  const parsed = stateSchema.safeParse(state)
  if (parsed.success) return parsed.data
  const text = `${name}: client secret ${id} cannot be taken over by its id, since Entra tells a secret only when it is made`
  throw new ProviderError('import_unsupported', text)
}
