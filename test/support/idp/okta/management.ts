import type { Answered, Asked, Handler } from '../server.ts'
import { PEOPLE } from '../vendor.ts'
import { failure, invalid, notFound, page } from './answers.ts'
import { assign, createApp, deleteApp, listApps, listAssignments, render, replaceApp } from './apps.ts'
import { manageSecrets } from './secrets.ts'
import { type App, newId, type Tenant } from './tenant.ts'

/** The management API, as far as the official plugin and we use it. */
export function manage(tenant: Tenant): Handler {
  return (asked) => {
    const [first, second, ...path] = asked.url.pathname.split('/').filter(Boolean)
    if (asked.url.host !== new URL(tenant.origin).host) return undefined
    if (first === 'oauth2' && path[0] === 'clients') {
      return byToken(tenant, asked) ? manageRoles(tenant, asked, path.slice(1)) : unauthorized()
    }
    if (asked.url.pathname === '/.well-known/okta-organization') return { body: { id: '00oEmulated', pipeline: 'idx' } }
    if (first !== 'api' || second !== 'v1') return undefined
    if (!byToken(tenant, asked)) return byServiceApp(tenant, asked, path) ?? unauthorized()
    const [what, ...rest] = path
    if (what === 'apps') return manageApps(tenant, asked, rest)
    if (what === 'groups') return listGroups(tenant, asked.url)
    if (what === 'users' && rest[0] === 'me') return { body: { id: newId('00u'), status: 'ACTIVE' } }
    if (what === 'internal' && rest[0] === 'apps') return manageGroupsClaim(tenant, asked, rest.slice(1))
    return undefined
  }
}

function byToken({ apiToken }: Tenant, { headers }: Asked): boolean {
  return headers.authorization === `SSWS ${apiToken}`
}

/** What a service app may do with its access token: read people and groups, as far as its scopes reach. */
function byServiceApp(tenant: Tenant, { method, url, headers }: Asked, [what]: string[]): Answered | undefined {
  const scopes = tenant.tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '')
  if (!scopes) return undefined
  if (method !== 'GET' || !scopes.includes(`okta.${what}.read`)) {
    return failure(403, 'E0000006', 'You do not have permission to perform the requested action')
  }
  if (what === 'groups') return listGroups(tenant, url)
  return page(
    url,
    PEOPLE.map(({ sub, name, email }) => ({
      id: sub,
      status: 'ACTIVE',
      profile: { login: email, email, displayName: name },
    })),
  )
}

function unauthorized(): Answered {
  return failure(401, 'E0000011', 'Invalid token provided')
}

function listGroups(tenant: Tenant, url: URL): Answered {
  const q = url.searchParams.get('q')?.toLowerCase()
  const entries = tenant.groups
    .filter(({ name }) => q === undefined || name.toLowerCase().startsWith(q))
    .map(({ id, name, type }) => ({ id, type, profile: { name, description: '' } }))
  // A query cannot be paged.
  return q === undefined ? page(url, entries) : { body: entries }
}

function manageApps(tenant: Tenant, { method, url, body }: Asked, path: string[]): Answered | undefined {
  const [id, part, ...rest] = path
  if (id === undefined) {
    const activate = url.searchParams.get('activate') !== 'false'
    return method === 'POST' ? createApp(tenant, activate, parse(body)) : listApps(tenant, url)
  }
  const app = tenant.apps.get(id)
  if (!app) return notFound(`${id} (AppInstance)`)
  if (part === undefined) {
    if (method === 'PUT') return replaceApp(tenant, app, parse(body))
    return method === 'DELETE' ? deleteApp(tenant, app) : { body: render(tenant, app) }
  }
  if (part === 'lifecycle') {
    app.status = rest[0] === 'activate' ? 'ACTIVE' : 'INACTIVE'
    return { body: {} }
  }
  if (part === 'credentials') return manageSecrets(tenant, app, method, rest.slice(1), parse(body))
  if (part === 'grants') return manageGrants(tenant, app, method, rest[0], parse(body))
  if (part !== 'groups') return undefined
  return rest[0] === undefined ? listAssignments(app, url) : assign(tenant, app, method, rest[0], parse(body))
}

/** `/api/v1/internal/apps/{id}/settings/oauth/idToken`: the groups claim, which no public API has. */
function manageGroupsClaim(tenant: Tenant, { method, body }: Asked, [id = '']: string[]): Answered {
  const app = tenant.apps.get(id)
  if (!app) return notFound(`${id} (AppInstance)`)
  if (method === 'POST') {
    const wanted = parse(body) as Record<string, string>
    if (!wanted['issuerMode']) return invalid('issuerMode', 'is required')
    app.groupsClaim = wanted
  }
  return { body: { issuer: tenant.origin, orgUrl: null, audience: id, ...app.groupsClaim } }
}

/** `/api/v1/apps/{id}/grants`: consent of the organisation to scopes of its own API. */
function manageGrants(tenant: Tenant, app: App, method: string, grantId: string | undefined, body: unknown): Answered {
  const grant = (id: string, scopeId: string) => ({
    id,
    scopeId,
    issuer: tenant.origin,
    status: 'ACTIVE',
    clientId: app.id,
  })
  if (method === 'POST') {
    const { scopeId, issuer } = (body ?? {}) as { scopeId?: string; issuer?: string }
    if (issuer !== tenant.origin) return invalid('issuer', 'is not the URL of this organisation')
    if (!scopeId?.startsWith('okta.')) return invalid('scopeId', 'is no scope')
    const id = [...app.grants].find(([, scope]) => scope === scopeId)?.[0] ?? newId('oag')
    app.grants.set(id, scopeId)
    return { status: 201, body: grant(id, scopeId) }
  }
  if (method === 'DELETE') return app.grants.delete(grantId ?? '') ? { status: 204 } : notFound(`${grantId} (Grant)`)
  return { body: [...app.grants].map(([id, scopeId]) => grant(id, scopeId)) }
}

/** `/oauth2/v1/clients/{id}/roles`: administrator roles of a service app. */
function manageRoles(tenant: Tenant, { method, body }: Asked, [clientId = '', , roleId]: string[]): Answered {
  const app = tenant.apps.get(clientId)
  if (!app) return notFound(`${clientId} (PublicClientApp)`)
  const role = (id: string, type: string) => ({ id, type, label: type, status: 'ACTIVE', assignmentType: 'CLIENT' })
  if (method === 'POST') {
    const { type } = (parse(body) ?? {}) as { type?: string }
    if (type !== 'READ_ONLY_ADMIN') return invalid('type', 'is no role that this emulator knows')
    if ([...app.roles.values()].includes(type)) {
      return failure(409, 'E0000090', 'The role specified is already assigned to the user.')
    }
    const id = newId('JBCU')
    app.roles.set(id, type)
    return { status: 201, body: role(id, type) }
  }
  const type = app.roles.get(roleId ?? '')
  if (type === undefined || roleId === undefined) return notFound(`${roleId} (Role)`)
  if (method === 'DELETE') {
    app.roles.delete(roleId)
    return { status: 204 }
  }
  return { body: role(roleId, type) }
}

function parse(body: string): unknown {
  return body === '' ? undefined : JSON.parse(body)
}
