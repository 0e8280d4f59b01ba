import type { Answered } from '../server.ts'
import { PEOPLE } from '../vendor.ts'
import { type AdminRequest, FORBIDDEN, NO_CONTENT, pageOf } from './admin-request.ts'
import { MANAGEMENT, type Named, type Realm, type ServiceAccount } from './realm.ts'

const USER_NOT_FOUND: Answered = { status: 404, body: { error: 'User not found' } }

/** `/users…` and `/groups…`; a service account is a user too, but in no list. */
export function answerUsers(realm: Realm, request: AdminRequest): Answered | undefined {
  const { method, path, may } = request
  const [collection, id, part, ...rest] = path
  if (collection !== 'users' && collection !== 'groups') return undefined
  if (!may('manage-users', ...(method === 'GET' ? ['view-users'] : []))) return FORBIDDEN
  if (collection === 'groups') return answerGroups(realm, request)
  if (id === undefined) return { body: pageOf(PEOPLE.map(toUser), request.query) }
  if (part === 'role-mappings') {
    const account = realm.serviceAccounts.get(id)
    const isManagement = realm.clients.get(rest[1] ?? '')?.clientId === MANAGEMENT
    return account && isManagement ? answerRoles(realm, account, request) : USER_NOT_FOUND
  }
  const person = PEOPLE.find(({ sub }) => sub === id)
  if (!person) return USER_NOT_FOUND
  if (part !== 'groups') return { body: toUser(person) }
  return { body: pageOf(realm.groups.filter(({ name }) => person.groups.includes(name)).map(toGroup), request.query) }
}

function answerRoles(realm: Realm, account: ServiceAccount, { method, body }: AdminRequest): Answered {
  if (method === 'GET') return { body: realm.roles.filter(({ name }) => account.roles.has(name)) }
  for (const { id } of body as Named[]) {
    const role = realm.roles.find((candidate) => candidate.id === id)
    if (!role) return { status: 404, body: { error: 'Role not found' } }
    if (method === 'POST') account.roles.add(role.name)
    else account.roles.delete(role.name)
  }
  return NO_CONTENT
}

function answerGroups(realm: Realm, { path, query }: AdminRequest): Answered {
  const [, id, part] = path
  if (id === undefined) return { body: pageOf(realm.groups.map(toGroup), query) }
  const group = realm.groups.find((candidate) => candidate.id === id)
  if (!group) return { status: 404, body: { error: 'Could not find group by id' } }
  if (part !== 'members') return { body: toGroup(group) }
  return { body: pageOf(PEOPLE.filter(({ groups }) => groups.includes(group.name)).map(toUser), query) }
}

function toUser({ sub, name, email }: (typeof PEOPLE)[number]): object {
  const [firstName = '', lastName = ''] = name.split(' ')
  return { id: sub, username: email.split('@')[0], firstName, lastName, email, emailVerified: true, enabled: true }
}

function toGroup({ id, name }: Named): object {
  return { id, name, path: `/${name}`, subGroupCount: 0, subGroups: [] }
}
