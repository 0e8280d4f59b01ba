import type { Answered } from '../server.ts'
import { PEOPLE } from '../vendor.ts'
import { notFound, page } from './answers.ts'
import type { Call, Endpoint } from './management.ts'
import type { Role } from './tenant.ts'

/** Users, roles, and who has which. @see https://auth0.com/docs/api/management/v2/roles/get-role-user */
export const peopleEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: /^roles$/, scope: 'read:roles', answer: roles },
  { method: 'GET', path: /^roles\/([^/]+)\/users$/, scope: 'read:role_members', answer: members },
  {
    method: 'GET',
    path: /^users$/,
    scope: 'read:users',
    answer: ({ query }) => page('users', PEOPLE.map(shown), query),
  },
]

/** The filter is content with a part of the name, in whatever case. */
function roles({ tenant, query }: Call): Answered {
  const part = (query.get('name_filter') ?? '').toLowerCase()
  const found = tenant.roles.filter(({ name }) => name.toLowerCase().includes(part))
  return page(
    'roles',
    found.map(({ id, name }: Role) => ({ id, name, description: '' })),
    query,
  )
}

/** Pages by checkpoint: `next` is where the following page starts. */
function members({ tenant, id, query }: Call): Answered {
  const role = tenant.roles.find((candidate) => candidate.id === id)
  if (!role) return notFound('The role does not exist.')
  const start = Number(query.get('from') ?? 0)
  const end = start + Math.min(Number(query.get('take') ?? 50), 1)
  const users = PEOPLE.filter(({ sub }) => role.members.includes(sub))
  const next = end < users.length ? { next: String(end) } : {}
  return { body: { users: users.slice(start, end).map(shown), ...next } }
}

function shown({ sub, name, email }: (typeof PEOPLE)[number]): Record<string, unknown> {
  return { user_id: sub, name, email, email_verified: true }
}
