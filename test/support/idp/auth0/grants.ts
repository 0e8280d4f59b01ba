import type { Answered } from '../server.ts'
import { conflict, invalidBody, notFound, page } from './answers.ts'
import type { Call, Endpoint } from './management.ts'
import { audienceOf, grantId } from './tenant.ts'

/** Scopes of the Management API that can be granted, as far as anybody here asks for them. */
const known = ['read:users', 'read:roles', 'read:role_members', 'read:clients', 'update:users']

/** What an application may do at an API. @see https://auth0.com/docs/api/management/v2/client-grants */
export const grantEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: /^client-grants$/, scope: 'read:client_grants', answer: list },
  { method: 'POST', path: /^client-grants$/, scope: 'create:client_grants', answer: create },
  { method: 'GET', path: /^client-grants\/([^/]+)$/, scope: 'read:client_grants', answer: read },
  { method: 'PATCH', path: /^client-grants\/([^/]+)$/, scope: 'update:client_grants', answer: update },
  {
    method: 'DELETE',
    path: /^client-grants\/([^/]+)$/,
    scope: 'delete:client_grants',
    answer: ({ tenant, id }) => {
      tenant.grants.delete(id)
      return { status: 204 }
    },
  },
]

function list({ tenant, query }: Call): Answered {
  const [client, audience] = [query.get('client_id'), query.get('audience')]
  const wanted = [...tenant.grants.values()].filter(
    (grant) => (client ?? grant.client_id) === grant.client_id && (audience ?? grant.audience) === grant.audience,
  )
  return page('client_grants', wanted, query)
}

function create({ tenant, body }: Call): Answered {
  const { client_id: client, audience, scope } = body
  if (typeof client !== 'string' || !tenant.clients.has(client)) return notFound('The client does not exist')
  if (audience !== audienceOf(tenant)) return notFound('The resource server does not exist')
  const wrong = wrongScope(scope)
  if (wrong) return wrong
  const exists = [...tenant.grants.values()].some((grant) => grant.client_id === client && grant.audience === audience)
  if (exists) return conflict('A resource with the same identifier already exists.')
  const grant = { id: grantId(), client_id: client, audience, scope: scope as string[], subject_type: 'client' }
  tenant.grants.set(grant.id, grant)
  return { status: 201, body: grant }
}

function read({ tenant, id }: Call): Answered {
  const grant = tenant.grants.get(id)
  return grant ? { body: grant } : notFound('The grant does not exist')
}

function update({ tenant, id, body: { scope } }: Call): Answered {
  const grant = tenant.grants.get(id)
  if (!grant) return notFound('The grant does not exist')
  const wrong = wrongScope(scope)
  if (wrong) return wrong
  grant.scope = scope as string[]
  return { body: grant }
}

function wrongScope(scope: unknown): Answered | undefined {
  if (!Array.isArray(scope)) return invalidBody(`'Missing required property: scope'`)
  const unknown = scope.find((name) => !known.includes(String(name)))
  return unknown === undefined ? undefined : invalidBody(`'scope ${unknown} is not defined by the resource server'`)
}
