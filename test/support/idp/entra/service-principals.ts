import { randomBytes } from 'node:crypto'

import * as z from 'zod'

import type { Answered, Asked } from '../server.ts'
import { badRequest, filtered, graphError, notFound, page, single } from './odata.ts'
import { ownerRoutes, ownersOf } from './owners.ts'
import { type Assignment, type EntraStore, newObject, type ServicePrincipal } from './store.ts'

/** `/servicePrincipals`, for a caller who may change what it owns, and give access to anything. */
export function servicePrincipalRoutes(
  store: EntraStore,
  asked: Asked,
  path: readonly string[],
  caller: string,
): Answered {
  const [id, part, ...rest] = path
  if (id === undefined) return asked.method === 'POST' ? create(store, asked) : list(store, asked)
  const principal = store.servicePrincipals.get(id)
  if (!principal || principal.unknownFor > 0) {
    if (principal) principal.unknownFor -= 1
    return notFound(id)
  }
  if (part === 'appRoleAssignedTo') return assignmentRoutes(store, principal, asked, rest)
  if (part === 'appRoleAssignments' && asked.method === 'GET') {
    return page(
      asked,
      [...store.assignments.values()].filter(({ principalId }) => principalId === id),
    )
  }
  if (asked.method !== 'GET' && !principal.owners.includes(caller)) {
    return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
  }
  if (part === 'owners') return ownerRoutes(principal, asked, rest)
  if (part !== undefined) return notFound(part)
  if (asked.method === 'PATCH') return patch(principal, asked)
  if (asked.method === 'DELETE') return remove(store, principal)
  return single(asked, shown(store, principal))
}

const properties = z.looseObject({
  accountEnabled: z.boolean().default(true),
  appRoleAssignmentRequired: z.boolean().default(false),
  tags: z.array(z.string().max(256)).default([]),
  description: z.string().nullish(),
})

function list(store: EntraStore, asked: Asked): Answered {
  const found = filtered(asked, [...store.servicePrincipals.values()])
  if (!found) return badRequest('Unsupported or invalid query filter clause.')
  return page(
    asked,
    found.map((principal) => shown(store, principal)),
  )
}

function create(store: EntraStore, asked: Asked): Answered {
  const { 'owners@odata.bind': owners, appId, ...body } = JSON.parse(asked.body) as Record<string, unknown>
  const application = [...store.applications.values()].find((app) => app.appId === appId)
  if (!application || application.unknownFor > 0) {
    return badRequest(
      `The appId '${String(appId)}' of the service principal does not reference a valid application object.`,
    )
  }
  if ([...store.servicePrincipals.values()].some((principal) => principal.appId === appId)) {
    return graphError(409, 'Request_MultipleObjectsWithSameKeyValue', 'The service principal name is already present.')
  }
  const parsed = properties.safeParse(body)
  if (!parsed.success) return badRequest('Invalid value specified for a property of resource ServicePrincipal.')
  const { appRoleAssignmentRequired, tags, ...rest } = parsed.data
  const principal: ServicePrincipal = {
    ...newObject(application.displayName, ownersOf(owners)),
    appId: application.appId,
    appRoleAssignmentRequired,
    appRoles: [],
    tags,
    properties: rest,
  }
  store.servicePrincipals.set(principal.id, principal)
  return { status: 201, body: shown(store, principal) }
}

function patch(principal: ServicePrincipal, asked: Asked): Answered {
  const { appRoleAssignmentRequired: required, tags: before } = principal
  const body = JSON.parse(asked.body) as Record<string, unknown>
  const parsed = properties.safeParse({
    appRoleAssignmentRequired: required,
    tags: before,
    ...principal.properties,
    ...body,
  })
  if (!parsed.success) return badRequest('Invalid value specified for a property of resource ServicePrincipal.')
  const { appRoleAssignmentRequired, tags, ...rest } = parsed.data
  Object.assign(principal, { appRoleAssignmentRequired, tags, properties: rest })
  return { status: 204 }
}

function remove(store: EntraStore, { id }: ServicePrincipal): Answered {
  store.servicePrincipals.delete(id)
  for (const { id: assignment, principalId, resourceId } of store.assignments.values()) {
    if ([principalId, resourceId].includes(id)) store.assignments.delete(assignment)
  }
  return { status: 204 }
}

const assignmentSchema = z.strictObject({ principalId: z.guid(), resourceId: z.guid(), appRoleId: z.guid() })
const NO_ROLE = '00000000-0000-0000-0000-000000000000'

function assignmentRoutes(
  store: EntraStore,
  resource: ServicePrincipal,
  asked: Asked,
  [id]: readonly string[],
): Answered {
  const present = [...store.assignments.values()].filter(({ resourceId }) => resourceId === resource.id)
  if (id === undefined) return asked.method === 'POST' ? assign(store, resource, present, asked) : page(asked, present)
  const assignment = present.find((candidate) => candidate.id === id)
  if (!assignment) return notFound(id)
  if (asked.method !== 'DELETE') return { body: assignment }
  store.assignments.delete(id)
  return { status: 204 }
}

function assign(store: EntraStore, resource: ServicePrincipal, present: readonly Assignment[], asked: Asked): Answered {
  const parsed = assignmentSchema.safeParse(JSON.parse(asked.body))
  if (!parsed.success || parsed.data.resourceId !== resource.id)
    return badRequest('One or more properties are invalid.')
  const { principalId, appRoleId } = parsed.data
  const roles = resource.appRoles.map(({ id }) => id)
  if (!(roles.length === 0 ? [NO_ROLE] : roles).includes(appRoleId)) {
    return badRequest('Permission being assigned was not found on application')
  }
  const isGroup = store.groups.some(({ id }) => id === principalId)
  const principal = store.servicePrincipals.get(principalId)
  if (!isGroup && (!principal || principal.unknownFor > 0)) {
    if (principal) principal.unknownFor -= 1
    return badRequest('Not a valid reference update.')
  }
  if (present.some((other) => other.principalId === principalId && other.appRoleId === appRoleId)) {
    return badRequest('Permission being assigned already exists on the object')
  }
  const principalType = isGroup ? 'Group' : 'ServicePrincipal'
  const assignment: Assignment = { ...parsed.data, id: randomBytes(24).toString('base64url'), principalType }
  store.assignments.set(assignment.id, assignment)
  return { status: 201, body: assignment }
}

/** Tags of the application are shown among its own. */
function shown(store: EntraStore, principal: ServicePrincipal): Record<string, unknown> & { displayName: string } {
  const { id, appId, displayName, appRoleAssignmentRequired, appRoles, tags, properties: rest } = principal
  const application = [...store.applications.values()].find((app) => app.appId === appId)
  const allTags = [...new Set([...tags, ...(application?.tags ?? [])])]
  const names = { id, appId, displayName: application?.displayName ?? displayName, appDisplayName: displayName }
  return { ...rest, ...names, appRoleAssignmentRequired, appRoles, tags: allTags, servicePrincipalType: 'Application' }
}
