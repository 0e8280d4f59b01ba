import type { Answered, Handler } from '../server.ts'
import type { GoogleTenant, WorkspaceGroup } from './tenant.ts'

const SCOPE = 'https://www.googleapis.com/auth/admin.directory'
const ROOT = '/admin/directory/v1'
/** Far below Google's, so that everything comes in pages. */
const PAGE = 2

/** The parts of a resource's address. */
const ROUTES: [RegExp, string, (tenant: GoogleTenant, query: URLSearchParams, key: string) => Answered][] = [
  [/^\/users$/, `${SCOPE}.user.readonly`, listUsers],
  [/^\/users\/([^/]+)$/, `${SCOPE}.user.readonly`, getUser],
  [/^\/groups$/, `${SCOPE}.group.readonly`, listGroups],
  [/^\/groups\/([^/]+)\/members$/, `${SCOPE}.group.member.readonly`, listMembers],
]

/**
 * Users, groups and members of the Directory API, for a token of someone who may read them.
 * @param origin where the API is
 * @see https://developers.google.com/workspace/admin/directory/reference/rest
 */
export function directoryApi(tenant: GoogleTenant, origin: () => string): Handler {
  return ({ method, url, headers }) => {
    if (url.origin !== origin() || !url.pathname.startsWith(ROOT)) return undefined
    const token = tenant.tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (!token) return failure(401, 'authError', 'Request had invalid authentication credentials.')
    for (const [path, scope, answer] of ROUTES) {
      const key = path.exec(url.pathname.slice(ROOT.length))?.[1] ?? ''
      if (method !== 'GET' || !path.test(url.pathname.slice(ROOT.length))) continue
      // The group scope covers the members of groups too.
      const covering = [scope, scope.replace('.member', '')]
      if (!token.scopes.some((held) => covering.includes(held))) {
        return failure(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.')
      }
      if (token.impersonated !== tenant.administrator) {
        return failure(403, 'forbidden', 'Not Authorized to access this resource/api')
      }
      return answer(tenant, url.searchParams, decodeURIComponent(key))
    }
    return failure(404, 'notFound', 'Not Found')
  }
}

function listUsers(tenant: GoogleTenant, query: URLSearchParams): Answered {
  if (!query.has('customer') && !query.has('domain')) return failure(400, 'badRequest', 'Bad Request')
  return page('users', query, tenant.people.map(toUser))
}

function getUser(tenant: GoogleTenant, _query: URLSearchParams, key: string): Answered {
  const person = tenant.people.find(({ sub, email }) => sub === key || email === key)
  return person ? { body: toUser(person) } : failure(404, 'notFound', 'Resource Not Found: userKey')
}

function listGroups(tenant: GoogleTenant, query: URLSearchParams): Answered {
  const user = query.get('userKey')
  if (user === null && !query.has('customer') && !query.has('domain')) return failure(400, 'badRequest', 'Bad Request')
  const person = tenant.people.find(({ sub, email }) => sub === user || email === user)
  const groups =
    user === null ? tenant.groups : tenant.groups.filter(({ members }) => members.includes(person?.sub ?? ''))
  return page('groups', query, groups.map(toGroup))
}

function listMembers(tenant: GoogleTenant, query: URLSearchParams, key: string): Answered {
  const group = tenant.groups.find(({ id, email }) => id === key || email === key)
  if (!group) return failure(404, 'notFound', 'Resource Not Found: groupKey')
  const members = tenant.people.filter(({ sub }) => group.members.includes(sub))
  const toMember = ({ sub, email }: GoogleTenant['people'][number]) => ({
    kind: 'admin#directory#member',
    id: sub,
    email,
    role: 'MEMBER',
    type: 'USER',
    status: 'ACTIVE',
  })
  return page('members', query, members.map(toMember))
}

function toUser({ sub, name, email }: GoogleTenant['people'][number]) {
  const [givenName = '', familyName = ''] = name.split(' ')
  return {
    kind: 'admin#directory#user',
    id: sub,
    primaryEmail: email,
    name: { givenName, familyName, fullName: name },
    isAdmin: false,
    suspended: false,
    archived: false,
    customerId: 'C0acme',
    orgUnitPath: '/',
  }
}

function toGroup({ id, email, name, members }: WorkspaceGroup) {
  return { kind: 'admin#directory#group', id, email, name, description: '', directMembersCount: `${members.length}` }
}

/** Google leaves an empty list out altogether. */
function page(name: string, query: URLSearchParams, items: object[]): Answered {
  const token = query.get('pageToken')
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString().replace('from:', ''))
  if (!Number.isInteger(start)) return failure(400, 'invalid', 'Invalid Input: pageToken')
  const size = Math.min(PAGE, Number(query.get('maxResults') ?? PAGE))
  const some = items.slice(start, start + size)
  const next = start + size < items.length ? Buffer.from(`from:${start + size}`).toString('base64url') : undefined
  return {
    body: {
      kind: `admin#directory#${name}`,
      ...(some.length > 0 ? { [name]: some } : {}),
      ...(next === undefined ? {} : { nextPageToken: next }),
    },
  }
}

function failure(code: number, reason: string, message: string): Answered {
  return { status: code, body: { error: { code, message, errors: [{ message, domain: 'global', reason }] } } }
}
