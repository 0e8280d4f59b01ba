import { randomUUID } from 'node:crypto'

import * as z from 'zod'

import type { Answered, Asked, Handler } from '../server.ts'
import { isActive, keepSecret, type SecretsApi, type Tenant, type TenantClient, type TenantSecret } from './tenant.ts'

/** Small, so that every list has pages; the real one gives 100 at most. */
const MAX_PAGE_SIZE = 2
const MAX_SECRETS = 20

const text = z.string()
const url = z.string().refine((value) => /^[a-z*][^:]*:/i.test(value) && !/^(?:javascript|data):/i.test(value))
const urls = z.array(url).nullish()
const flag = z.boolean().default(false)
const minutes = z.int().min(0).max(525_600).default(0)

/** Unknown members are passed over, and what is left out becomes nothing, as Go has it. */
const clientBody = z.object({
  name: text.min(1).max(50),
  description: text.max(150).default(''),
  callbackURLs: urls,
  logoutCallbackURLs: urls,
  launchURL: z.url().nullish(),
  isPublic: flag,
  pkceEnabled: flag,
  requiresReauthentication: flag,
  requiresPushedAuthorizationRequests: flag,
  skipConsent: flag,
  isGroupRestricted: flag,
  accessTokenDurationMinutes: minutes,
  refreshTokenDurationMinutes: minutes,
  credentials: z.object({ federatedIdentities: z.array(z.unknown()).default([]) }).default({ federatedIdentities: [] }),
})

const newClientBody = clientBody.extend({
  id: text.regex(/^[a-zA-Z0-9._-]{2,128}$/).optional(),
})
const groupsBody = z.object({ userGroupIds: z.array(text) })
const secretBody = z.object({
  secret: text.regex(/^[\x20-\x7e]{16,}$/).optional(),
  expiresAt: z.iso.datetime().nullish(),
})

type Route = (match: string[], asked: Asked, tenant: Tenant) => Answered
type Served = [method: string, path: RegExp, route: Route]

const routes: Served[] = [
  ['POST', /^\/api\/oidc\/clients$/, createClient],
  [
    'GET',
    /^\/api\/oidc\/clients\/([^/]+)$/,
    onClient((client, _asked, tenant) => ({ body: describe(client, tenant) })),
  ],
  ['PUT', /^\/api\/oidc\/clients\/([^/]+)$/, onClient(replaceClient)],
  ['DELETE', /^\/api\/oidc\/clients\/([^/]+)$/, deleteClient],
  ['PUT', /^\/api\/oidc\/clients\/([^/]+)\/allowed-user-groups$/, onClient(allowGroups)],
  ['GET', /^\/api\/user-groups$/, listGroups],
]

const secretRoutes: Record<SecretsApi, Served[]> = {
  one: [['POST', /^\/api\/oidc\/clients\/([^/]+)\/secret$/, onClient(renewSecret)]],
  several: [
    ['POST', /^\/api\/oidc\/clients\/([^/]+)\/secrets$/, onClient(addSecret)],
    ['DELETE', /^\/api\/oidc\/clients\/([^/]+)\/secrets\/([^/]+)$/, onClient(deleteSecret)],
  ],
}

const META: Served = [
  'GET',
  /^\/api\/oidc\/clients\/([^/]+)\/meta$/,
  onClient(({ id, name }) => ({ body: { id, name } })),
]

/** The administration API of Pocket ID, as far as we use it. */
export function createApi(tenant: Tenant): Handler {
  return (asked) => {
    const { pathname } = asked.url
    const served = [META, ...routes, ...secretRoutes[tenant.secretsApi]]
    const found = served.find(([method, path]) => method === asked.method && path.test(pathname))
    if (!found) return undefined
    const [, path, route] = found
    const isOpen = found === META
    if (!isOpen && asked.headers['x-api-key'] !== tenant.apiKey) {
      return refuse(tenant, 401, 'You are not signed in', 'not_signed_in')
    }
    return route([...(path.exec(pathname) ?? [])], asked, tenant)
  }
}

function onClient(act: (client: TenantClient, asked: Asked, tenant: Tenant, match: string[]) => Answered): Route {
  return (match, asked, tenant) => {
    const client = tenant.clients.get(decodeURIComponent(match[1] ?? ''))
    return client ? act(client, asked, tenant, match) : notFound(tenant, 'OIDC client')
  }
}

function createClient(_match: string[], asked: Asked, tenant: Tenant): Answered {
  const body = parse(newClientBody, asked)
  if (!body.success) return invalid(tenant, body.error)
  const { id = randomUUID(), ...fields } = body.data
  if (tenant.clients.has(id)) {
    return tenant.secretsApi === 'one'
      ? refuse(tenant, 400, 'Client ID already in use', '')
      : refuse(tenant, 409, 'Client ID is already in use', 'client_id_already_exists')
  }
  const client = { id, ...toFields(fields), allowedUserGroupIds: [], secrets: [] }
  tenant.clients.set(id, client)
  return { status: 201, body: describe(client, tenant) }
}

function replaceClient(client: TenantClient, asked: Asked, tenant: Tenant): Answered {
  const body = parse(clientBody, asked)
  if (!body.success) return invalid(tenant, body.error)
  Object.assign(client, toFields(body.data))
  if (!client.isGroupRestricted) client.allowedUserGroupIds = []
  return { body: describe(client, tenant) }
}

function toFields({
  credentials,
  ...body
}: z.output<typeof clientBody>): Omit<TenantClient, 'id' | 'allowedUserGroupIds' | 'secrets'> {
  return {
    ...body,
    callbackURLs: body.callbackURLs ?? [],
    logoutCallbackURLs: body.logoutCallbackURLs ?? [],
    launchURL: body.launchURL ?? null,
    pkceEnabled: body.isPublic || body.pkceEnabled,
    accessTokenDurationMinutes: body.accessTokenDurationMinutes || 60,
    refreshTokenDurationMinutes: body.refreshTokenDurationMinutes || 43_200,
    federatedIdentities: credentials.federatedIdentities,
  }
}

/** The old one says 204 for a client that was never there. */
function deleteClient(match: string[], _asked: Asked, tenant: Tenant): Answered {
  const wasThere = tenant.clients.delete(decodeURIComponent(match[1] ?? ''))
  return wasThere || tenant.secretsApi === 'one' ? { status: 204 } : notFound(tenant, 'OIDC client')
}

/** Ids that no group has are passed over. */
function allowGroups(client: TenantClient, asked: Asked, tenant: Tenant): Answered {
  const body = parse(groupsBody, asked)
  if (!body.success) return invalid(tenant, body.error)
  const known = tenant.groups.map(({ id }) => id)
  client.allowedUserGroupIds = known.filter((id) => body.data.userGroupIds.includes(id))
  return { body: describe(client, tenant) }
}

function renewSecret(client: TenantClient, _asked: Asked, tenant: Tenant): Answered {
  const secret = randomUUID().replaceAll('-', '')
  keepSecret(tenant, client, secret, null)
  return { body: { secret } }
}

function addSecret(client: TenantClient, asked: Asked, tenant: Tenant): Answered {
  const body = parse(secretBody, asked)
  if (!body.success) return invalid(tenant, body.error)
  if (client.isPublic) return refuse(tenant, 400, 'Cannot create a secret for a public client', 'validation_failed')
  if (client.secrets.length >= MAX_SECRETS) {
    return refuse(tenant, 400, `A client cannot have more than ${MAX_SECRETS} secrets`, 'validation_failed')
  }
  const { secret = randomUUID().replaceAll('-', ''), expiresAt = null } = body.data
  return { status: 201, body: { ...describeSecret(keepSecret(tenant, client, secret, expiresAt)), secret } }
}

function deleteSecret(client: TenantClient, _asked: Asked, tenant: Tenant, match: string[]): Answered {
  const rest = client.secrets.filter(({ id }) => id !== match[2])
  if (rest.length === client.secrets.length) return notFound(tenant, 'Client secret')
  client.secrets = rest
  return { status: 204 }
}

function listGroups(_match: string[], { url: { searchParams } }: Asked, { groups }: Tenant): Answered {
  const limit = Number(searchParams.get('pagination[limit]')) || 20
  const itemsPerPage = Math.min(limit, MAX_PAGE_SIZE)
  const totalPages = Math.max(1, Math.ceil(groups.length / itemsPerPage))
  const currentPage = Math.min(Math.max(1, Number(searchParams.get('pagination[page]')) || 1), totalPages)
  const data = groups
    .toSorted((left, right) => left.name.localeCompare(right.name))
    .slice((currentPage - 1) * itemsPerPage, currentPage * itemsPerPage)
    .map((group) => ({ ...group, customClaims: [], userCount: 1, ldapId: null, createdAt: '2026-01-01T00:00:00Z' }))
  return { body: { data, pagination: { totalPages, totalItems: groups.length, currentPage, itemsPerPage } } }
}

function describe(client: TenantClient, tenant: Tenant): object {
  const { federatedIdentities, allowedUserGroupIds, secrets, ...fields } = client
  const identities = federatedIdentities.length > 0 ? { federatedIdentities } : {}
  return {
    ...fields,
    hasLogo: false,
    hasDarkLogo: false,
    credentials: tenant.secretsApi === 'one' ? identities : { ...identities, secrets: secrets.map(describeSecret) },
    allowedUserGroups: tenant.groups.filter(({ id }) => allowedUserGroupIds.includes(id)),
  }
}

function describeSecret({ id, prefix, createdAt, expiresAt }: TenantSecret): object {
  return { id, prefix, createdAt, expiresAt, isActive: isActive({ expiresAt }) }
}

function parse<Schema extends z.ZodType>(schema: Schema, { body, headers }: Asked) {
  const isJson = headers['content-type']?.startsWith('application/json')
  return schema.safeParse(isJson && body !== '' ? JSON.parse(body) : {})
}

function invalid(tenant: Tenant, { issues }: z.ZodError): Answered {
  const words = issues.map(({ path }) => `${path.join('.')} is invalid`).join(', ')
  return refuse(tenant, 400, words, 'validation_failed')
}

function notFound(tenant: Tenant, what: string): Answered {
  return refuse(tenant, 404, tenant.secretsApi === 'one' ? 'Record not found' : `${what} not found`, 'not_found')
}

function refuse({ secretsApi }: Tenant, status: number, error: string, code: string): Answered {
  return { status, body: secretsApi === 'one' ? { error } : { error, code, request_id: randomUUID() } }
}
