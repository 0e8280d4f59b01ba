import type { Answered, Asked, Handler } from '../server.ts'
import { PEOPLE } from '../vendor.ts'
import { applicationRoutes } from './applications.ts'
import { badRequest, filtered, graphError, notFound, page } from './odata.ts'
import { servicePrincipalRoutes } from './service-principals.ts'
import { type EntraStore, guidOf } from './store.ts'

/** Whom an access token was given to, and what that one may do. */
export interface Caller {
  objectId: string
  roles: string[]
}

/** What a collection asks of those who read or change it: one of these roles. */
const needed: Readonly<Record<string, readonly string[]>> = {
  applications: ['Application.ReadWrite.OwnedBy'],
  servicePrincipals: ['Application.ReadWrite.OwnedBy'],
  groups: ['GroupMember.Read.All'],
  users: ['User.Read.All'],
}

/**
 * Microsoft Graph, v1.0 and beta alike.
 * @param callerOf who has this access token
 */
export function createGraph(store: EntraStore, callerOf: (token: string) => Caller | undefined): Handler {
  return (asked) => {
    const [version, collection = '', ...path] = asked.url.pathname.split('/').slice(1).map(decodeURIComponent)
    if (version !== 'v1.0' && version !== 'beta') return undefined
    const caller = callerOf(asked.headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (!caller) return graphError(401, 'InvalidAuthenticationToken', 'Access token is empty or not valid.')
    const isAssignment = path[1] === 'appRoleAssignedTo' && asked.method !== 'GET'
    const roles = isAssignment ? ['AppRoleAssignment.ReadWrite.All'] : needed[collection]
    if (!roles) return notFound(collection)
    if (!roles.some((role) => caller.roles.includes(role))) {
      return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
    }
    if (collection === 'applications') return applicationRoutes(store, asked, path, caller.objectId)
    if (collection === 'servicePrincipals') return servicePrincipalRoutes(store, asked, path, caller.objectId)
    return collection === 'groups' ? groupRoutes(store, asked, path) : userRoutes(asked, path)
  }
}

function groupRoutes(store: EntraStore, asked: Asked, [id, part]: readonly string[]): Answered {
  if (asked.method !== 'GET') return graphError(405, 'Request_BadRequest', 'Not allowed.')
  if (id === undefined) {
    const found = filtered(asked, store.groups)
    return found ? page(asked, found) : badRequest('Unsupported or invalid query filter clause.')
  }
  const group = store.groups.find((candidate) => candidate.id === id)
  if (!group) return notFound(id)
  if (part === undefined) return { body: group }
  const members = PEOPLE.filter(({ groups }) => groups.includes(group.displayName))
  return part === 'members' ? page(asked, members.map(userOf)) : notFound(part)
}

function userRoutes(asked: Asked, [id]: readonly string[]): Answered {
  return id === undefined && asked.method === 'GET' ? page(asked, PEOPLE.map(userOf)) : notFound(id ?? 'users')
}

function userOf({ sub, name, email }: (typeof PEOPLE)[number]): Record<string, unknown> {
  return { id: guidOf(sub), displayName: name, mail: email, userPrincipalName: email, accountEnabled: true }
}
