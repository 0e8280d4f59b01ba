import { secretText } from '../openid.ts'
import type { Answered } from '../server.ts'
import { invalid, failure, notFound, page } from './answers.ts'
import { type AppBody, appSchema } from './app-schema.ts'
import { addSecret, type App, newId, type Tenant } from './tenant.ts'

/** `POST /api/v1/apps`: the client gets a secret at once, where its method needs one. */
export function createApp(tenant: Tenant, activate: boolean, body: unknown): Answered {
  const parsed = appSchema.safeParse(body)
  if (!parsed.success) return refuseBody(parsed.error.issues)
  const { client_id: clientId, client_secret: wanted, token_endpoint_auth_method: method } = credentialsOf(parsed.data)
  const keyless = method === 'private_key_jwt' && !parsed.data.settings.oauthClient.jwks
  if (keyless) return invalid('settings.oauthClient.jwks', 'private_key_jwt needs keys')
  const id = clientId ?? newId('0oa')
  const created = new Date().toISOString()
  const app: App = {
    id,
    status: activate ? 'ACTIVE' : 'INACTIVE',
    created,
    secrets: [],
    assignments: new Map(),
    groupsClaim: {},
    grants: new Map(),
    roles: new Map(),
    ...contentOf(parsed.data, { iOS: true, web: true }),
  }
  tenant.apps.set(id, app)
  const hasSecret = method.startsWith('client_secret_')
  const secret = hasSecret ? addSecret(tenant, app, wanted || secretText()) : undefined
  return { body: render(tenant, app, secret?.value) }
}

/** `PUT /api/v1/apps/{id}`: everything is replaced, except secrets, which an empty `client_secret` leaves alone. */
export function replaceApp(tenant: Tenant, app: App, body: unknown): Answered {
  const parsed = appSchema.safeParse(body)
  if (!parsed.success) return refuseBody(parsed.error.issues)
  const { client_id: clientId, client_secret: wanted } = credentialsOf(parsed.data)
  if (clientId !== undefined && clientId !== app.id) return invalid('client_id', 'cannot be changed')
  if (wanted) return invalid('client_secret', 'this emulator only takes secrets at credentials/secrets')
  Object.assign(app, contentOf(parsed.data, app.hide))
  return { body: render(tenant, app, app.secrets[0]?.value) }
}

/** `GET /api/v1/apps`: `q` is compared with the beginning of names and labels. */
export function listApps(tenant: Tenant, url: URL): Answered {
  const q = url.searchParams.get('q')?.toLowerCase() ?? ''
  const found = [...tenant.apps.values()].filter(({ label }) => label.toLowerCase().startsWith(q))
  return page(
    url,
    found.map((app) => render(tenant, app)),
  )
}

/** `DELETE /api/v1/apps/{id}` */
export function deleteApp(tenant: Tenant, app: App): Answered {
  if (app.status === 'ACTIVE') {
    return failure(403, 'E0000056', 'Delete application forbidden.', [
      'The application must be deactivated before deletion.',
    ])
  }
  tenant.apps.delete(app.id)
  return { status: 204 }
}

/** `PUT|DELETE /api/v1/apps/{id}/groups/{groupId}` */
export function assign(tenant: Tenant, app: App, method: string, groupId: string, body: unknown): Answered {
  if (!tenant.groups.some(({ id }) => id === groupId)) return notFound(`${groupId} (UserGroup)`)
  if (method === 'DELETE') {
    return app.assignments.delete(groupId) ? { status: 204 } : notFound(`${groupId} (AppGroupAssignment)`)
  }
  const { profile = {} } = (body ?? {}) as { profile?: unknown }
  app.assignments.set(groupId, profile)
  return { body: { id: groupId, priority: 0, profile } }
}

export function listAssignments(app: App, url: URL): Answered {
  const entries = [...app.assignments].map(([id, profile], priority) => ({ id, priority, profile }))
  // Okta promises no order: the one of the ids, backwards, is nobody's.
  return page(
    url,
    entries.toSorted((left, right) => right.id.localeCompare(left.id)),
  )
}

/** As the API shows an app. The secret is in the answer to a create or replace alone. */
export function render(tenant: Tenant, app: App, secret?: string): object {
  const { id, label, status, created, oauthClient, settings, implicitAssignment, notes, hide } = app
  return {
    id,
    name: 'oidc_client',
    label,
    status,
    created,
    lastUpdated: created,
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: { autoLaunch: false, autoSubmitToolbar: false, hide, appLinks: { oidc_client_link: true } },
    features: [],
    signOnMode: 'OPENID_CONNECT',
    credentials: {
      userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' },
      oauthClient: { ...oauthClient, client_id: id, ...(secret === undefined ? {} : { client_secret: secret }) },
    },
    settings: { app: {}, manualProvisioning: false, implicitAssignment, notes, oauthClient: settings },
    _links: { accessPolicy: { href: `${tenant.origin}/api/v1/policies/rstDefaultPolicy0000` } },
  }
}

function credentialsOf(body: AppBody) {
  return body.credentials.oauthClient
}

function contentOf(
  body: AppBody,
  hidden: App['hide'],
): Pick<App, 'label' | 'oauthClient' | 'settings' | 'implicitAssignment' | 'notes' | 'hide'> {
  const { token_endpoint_auth_method, pkce_required, autoKeyRotation } = credentialsOf(body)
  const { implicitAssignment, notes, oauthClient } = body.settings
  return {
    label: body.label,
    oauthClient: { token_endpoint_auth_method, pkce_required, autoKeyRotation },
    settings: { idp_initiated_login: { mode: 'DISABLED', default_scope: [] }, ...oauthClient },
    implicitAssignment,
    notes: { admin: notes.admin ?? null, enduser: notes.enduser ?? null },
    hide: { ...hidden, ...body.visibility?.hide },
  }
}

function refuseBody(issues: readonly { path: PropertyKey[]; message: string }[]): Answered {
  const [first] = issues
  return invalid(first?.path.map(String).join('.') ?? 'body', first?.message ?? 'is not valid')
}
