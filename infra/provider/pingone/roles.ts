import * as z from 'zod'

import { ProviderError } from '../errors.ts'
import type { Api } from './api.ts'

const roleSchema = z.object({ id: z.string(), name: z.string().default('') })
const assignmentSchema = z.object({
  id: z.string(),
  role: z.object({ id: z.string() }),
  scope: z.object({ id: z.string(), type: z.string() }),
})

/** A role as an application holds it. */
interface Held {
  assignmentId: string
  /** The role's name; one that reaches elsewhere than to the environment is named with where. */
  name: string
}

/**
 * Reads which roles an application holds.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/application-role-assignments.html
 */
export async function readRoles(api: Api, environmentId: string, applicationId: string): Promise<string[]> {
  return (await readHeld(api, environmentId, applicationId)).held.map(({ name }) => name)
}

/**
 * Has an application hold exactly these roles, in its environment. Nobody can give a role that reaches further than the
 * own ones.
 * @throws ProviderError `vendor_refused` for a role that does not exist, before anything is changed
 */
export async function assignRoles(
  api: Api,
  environmentId: string,
  applicationId: string,
  wanted: readonly string[],
): Promise<void> {
  const { held, roleIds } = await readHeld(api, environmentId, applicationId)
  const unknown = wanted.filter((name) => !roleIds.has(name))
  if (unknown.length > 0) throw new ProviderError('vendor_refused', `PingOne has no role ${unknown.join(', ')} here`)
  const path = `applications/${applicationId}/roleAssignments`
  for (const { assignmentId, name } of held) {
    if (!wanted.includes(name)) await api.delete(`${path}/${assignmentId}`)
  }
  const scope = { id: environmentId, type: 'ENVIRONMENT' }
  for (const name of wanted) {
    if (held.some((role) => role.name === name)) continue
    await api.post(path, { role: { id: roleIds.get(name) }, scope }, assignmentSchema)
  }
}

async function readHeld(
  api: Api,
  environmentId: string,
  applicationId: string,
): Promise<{ held: Held[]; roleIds: Map<string, string> }> {
  const [roles, assignments] = await Promise.all([
    api.list('/roles', 'roles', roleSchema),
    api.list(`applications/${applicationId}/roleAssignments`, 'roleAssignments', assignmentSchema),
  ])
  const held = assignments.map(({ id, role, scope }) => {
    const name = roles.find((known) => known.id === role.id)?.name ?? role.id
    const isHere = scope.type === 'ENVIRONMENT' && scope.id === environmentId
    return { assignmentId: id, name: isHere ? name : `${name} (${scope.type} ${scope.id})` }
  })
  return { held, roleIds: new Map(roles.map(({ name, id }) => [name, id])) }
}
