import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import { UNKNOWN, type Properties } from '../properties.ts'
import { diffProperties } from '../property-diff.ts'
import { checkInputs, type ResourceType } from '../resource-type.ts'
import type { Pause } from '../rest.ts'
import { GONE, type Graph, lookTwice, openGraph, understand } from './graph.ts'
import { administrationSchema } from './schema.ts'

const inputsSchema = z.strictObject({
  administration: administrationSchema,
  /** Object id of the service principal to which access is given. */
  resourceObjectId: z.guid(),
  /** Object id of who is given it. */
  principalObjectId: z.guid(),
  principalType: z.enum(['Group', 'ServicePrincipal']),
  /** All zeros for an application that has no roles. */
  appRoleId: z.guid(),
})

const stateSchema = inputsSchema.extend({ assignmentId: z.string() })

export type AppRoleAssignmentInputs = z.infer<typeof inputsSchema>
export type AppRoleAssignmentState = z.infer<typeof stateSchema>

/**
 * Lets a group into an application, or gives an application a role in another one (which is the administrator's consent).
 *
 * Ours and not the official plugin's, because that fails for an assignment that is there already, as it is after a
 * deployment that died before it could record it.
 * @see https://learn.microsoft.com/en-us/graph/api/serviceprincipal-post-approleassignedto
 */
export function createAppRoleAssignmentType(pause?: Pause): ResourceType {
  return {
    secrets: [['administration', 'clientSecret']],
    stableOutputs: ['assignmentId'],

    check: (inputs) => ({ inputs, failures: checkInputs(inputsSchema, inputs) }),

    diff: async ({ oldInputs, newInputs }) =>
      diffProperties(oldInputs, newInputs, {
        replaceOn: ['resourceObjectId', 'principalObjectId', 'principalType', 'appRoleId'],
        unordered: [],
      }),

    plan: (inputs, state) => ({ ...inputs, assignmentId: state?.['assignmentId'] ?? UNKNOWN }),

    async create(call, properties) {
      const inputs = inputsSchema.parse(properties)
      const graph = await openGraph(inputs.administration, call.signal, pause)
      const assignmentId = (await find(graph, inputs)) ?? (await assign(graph, inputs))
      return { id: assignmentId, outputs: { ...inputs, assignmentId } }
    },

    async read(call, id, state, inputs) {
      const recorded = parseState(call.name, id, state)
      const graph = await openGraph(recorded.administration, call.signal, pause)
      const look = async () => ((await graph.read(pathOf(recorded))) === GONE ? undefined : recorded)
      const found = await lookTwice(look, call.signal, pause)
      return found ? { inputs, outputs: { ...recorded } } : 'gone'
    },

    async update(call, id, state, properties) {
      const { assignmentId } = parseState(call.name, id, state)
      return { ...inputsSchema.parse(properties), assignmentId }
    },

    async delete(call, state) {
      const recorded = parseState(call.name, '', state)
      const graph = await openGraph(recorded.administration, call.signal, pause)
      const path = pathOf(recorded)
      const answer = await graph.send('DELETE', path)
      if (answer.status !== 204 && answer.status !== 404) throw graph.refused('take an access back at', path, answer)
    },
  }
}

const assignmentSchema = z.object({
  id: z.string().min(1),
  appRoleId: z.string(),
  principalId: z.string(),
  resourceId: z.string(),
})

/** The assignment as it is there already. */
async function find(graph: Graph, inputs: AppRoleAssignmentInputs): Promise<string | undefined> {
  // From its shorter end: Microsoft Graph itself has assignments without number.
  const path =
    inputs.principalType === 'Group'
      ? `/servicePrincipals/${inputs.resourceObjectId}/appRoleAssignedTo`
      : `/servicePrincipals/${inputs.principalObjectId}/appRoleAssignments`
  const listed = understand(z.array(assignmentSchema), (await graph.list(path)) ?? [], graph.url + path)
  const same = ({ appRoleId, principalId, resourceId }: z.infer<typeof assignmentSchema>) =>
    appRoleId === inputs.appRoleId && principalId === inputs.principalObjectId && resourceId === inputs.resourceObjectId
  return listed.find(same)?.id
}

async function assign(graph: Graph, inputs: AppRoleAssignmentInputs): Promise<string> {
  const { resourceObjectId: resourceId, principalObjectId: principalId, appRoleId } = inputs
  const path = `/servicePrincipals/${resourceId}/appRoleAssignedTo`
  const answer = await graph.make(path, { principalId, resourceId, appRoleId })
  const made = assignmentSchema.safeParse(answer.body)
  if (answer.status === 201 && made.success) return made.data.id
  // A replica may have hidden it from the first look.
  const hidden = answer.status === 400 ? await find(graph, inputs) : undefined
  if (hidden === undefined) throw graph.refused('give access at', path, answer)
  return hidden
}

function pathOf({ resourceObjectId, assignmentId }: AppRoleAssignmentState): string {
  return `/servicePrincipals/${resourceObjectId}/appRoleAssignedTo/${encodeURIComponent(assignmentId)}`
}

function parseState(name: string, id: string, state: Properties): AppRoleAssignmentState {
  const parsed = stateSchema.safeParse(state)
  if (parsed.success) return parsed.data
  const text = `${name}: assignment ${id} need not be taken over by its id: one that exists is found when it is to be made`
  throw new ProviderError('import_unsupported', text)
}
