import * as z from 'zod'

import { secretText } from '../openid.ts'
import type { Answered, Asked } from '../server.ts'
import { badRequest, filtered, graphError, notFound, page, single } from './odata.ts'
import { ownerRoutes, ownersOf } from './owners.ts'
import { type Application, type EntraStore, newObject, newPassword } from './store.ts'

/** `http` is for this machine alone; the tests' gateway is there, under a name that Entra itself would not take. */
const redirectUri = z
  .url()
  .max(256)
  .refine((uri) => !/[#*]/.test(uri) && (uri.startsWith('https://') || isLocal(uri)), 'reply URL')

const resourceAccess = z.strictObject({ id: z.guid(), type: z.enum(['Scope', 'Role']) })
const optionalClaim = z.strictObject({
  name: z.enum(['groups', 'email', 'upn', 'family_name', 'given_name', 'xms_edov', 'auth_time']),
  source: z.string().nullish(),
  essential: z.boolean().optional(),
  additionalProperties: z
    .array(z.enum(['cloud_displayname', 'sam_account_name', 'emit_as_roles', 'dns_domain_and_sam_account_name']))
    .default([]),
})

/** @see https://learn.microsoft.com/en-us/graph/api/resources/application */
const properties = z.looseObject({
  displayName: z.string().min(1).max(256),
  signInAudience: z
    .enum(['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount', 'PersonalMicrosoftAccount'])
    .default('AzureADMyOrg'),
  groupMembershipClaims: z
    .string()
    .regex(/^(?:(?:None|SecurityGroup|DirectoryRole|ApplicationGroup|All)(?:,\s*|$))+$/)
    .nullable()
    .default(null),
  tags: z
    .array(z.string().max(256))
    .refine((tags) => new Set(tags).size === tags.length, 'tags')
    .default([]),
  notes: z.string().max(1024).nullable().default(null),
  web: z
    .looseObject({ redirectUris: z.array(redirectUri).max(256).default([]), logoutUrl: z.url().nullish() })
    .default({ redirectUris: [] }),
  api: z
    .looseObject({
      requestedAccessTokenVersion: z
        .union([z.literal(1), z.literal(2)])
        .nullable()
        .optional(),
    })
    .default({}),
  optionalClaims: z
    .strictObject({
      idToken: z.array(optionalClaim).optional(),
      accessToken: z.array(optionalClaim).optional(),
      saml2Token: z.array(optionalClaim).optional(),
    })
    .nullable()
    .default(null),
  requiredResourceAccess: z
    .array(z.strictObject({ resourceAppId: z.guid(), resourceAccess: z.array(resourceAccess).min(1) }))
    .default([]),
})

/** Nobody sets these. */
const computed = ['id', 'appId', 'passwordCredentials', 'publisherDomain', 'createdDateTime']

/** `/applications`, for a caller who may change what it owns. */
export function applicationRoutes(store: EntraStore, asked: Asked, path: readonly string[], caller: string): Answered {
  const [id, part, ...rest] = path
  if (id === undefined) return asked.method === 'POST' ? create(store, asked) : list(store, asked)
  const application = store.applications.get(id)
  if (!application || application.unknownFor > 0) {
    if (application) application.unknownFor -= 1
    return notFound(id)
  }
  if (asked.method !== 'GET' && !application.owners.includes(caller)) {
    return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
  }
  if (part === 'owners') return ownerRoutes(application, asked, rest)
  if (part === 'federatedIdentityCredentials' && asked.method === 'GET') return page(asked, [])
  if (part === 'addPassword' && asked.method === 'POST') return addPassword(store, application, asked)
  if (part === 'removePassword' && asked.method === 'POST') return removePassword(application, asked)
  if (part !== undefined) return notFound(part)
  if (asked.method === 'PATCH') return patch(application, asked)
  if (asked.method === 'DELETE') return remove(store, application)
  return single(asked, shown(application))
}

function list(store: EntraStore, asked: Asked): Answered {
  const found = filtered(asked, [...store.applications.values()])
  return found ? page(asked, found.map(shown)) : badRequest('Unsupported or invalid query filter clause.')
}

function create(store: EntraStore, asked: Asked): Answered {
  const { 'owners@odata.bind': owners, ...body } = JSON.parse(asked.body) as Record<string, unknown>
  const parsed = properties.safeParse(body)
  if (!parsed.success || computed.some((name) => name in body)) return invalid(parsed.error)
  const { displayName, tags, ...rest } = parsed.data
  const application: Application = {
    ...newObject(displayName, ownersOf(owners)),
    tags,
    passwords: [],
    properties: rest,
  }
  store.applications.set(application.id, application)
  return { status: 201, body: shown(application) }
}

/** Members of complex properties that are not sent stay as they are. */
function patch(application: Application, asked: Asked): Answered {
  const body = JSON.parse(asked.body) as Record<string, unknown>
  const { displayName, tags } = application
  const before: Record<string, unknown> = { displayName, tags, ...application.properties }
  const merged = Object.entries(body).map(([name, value]) => [
    name,
    isObject(value) && isObject(before[name]) && name !== 'optionalClaims' ? { ...before[name], ...value } : value,
  ])
  const parsed = properties.safeParse({ ...before, ...(Object.fromEntries(merged) as object) })
  if (!parsed.success || computed.some((name) => name in body)) return invalid(parsed.error)
  const { displayName: newName, tags: newTags, ...rest } = parsed.data
  Object.assign(application, { displayName: newName, tags: newTags, properties: rest })
  return { status: 204 }
}

/** Takes the service principal along, and who was assigned to it. */
function remove(store: EntraStore, { id, appId }: Application): Answered {
  store.applications.delete(id)
  for (const principal of store.servicePrincipals.values()) {
    if (principal.appId !== appId) continue
    store.servicePrincipals.delete(principal.id)
    for (const assignment of store.assignments.values()) {
      if ([assignment.principalId, assignment.resourceId].includes(principal.id))
        store.assignments.delete(assignment.id)
    }
  }
  return { status: 204 }
}

const passwordSchema = z.object({
  passwordCredential: z.strictObject({
    displayName: z.string().max(120).nullish(),
    startDateTime: z.iso.datetime().optional(),
    endDateTime: z.iso.datetime().optional(),
  }),
})

const TWO_YEARS_MS = 2 * 365 * 24 * 60 * 60 * 1000

function addPassword(store: EntraStore, application: Application, asked: Asked): Answered {
  const parsed = passwordSchema.safeParse(JSON.parse(asked.body))
  if (!parsed.success) return invalid(parsed.error)
  const { displayName = null, endDateTime } = parsed.data.passwordCredential
  const end = endDateTime ?? new Date(Date.now() + TWO_YEARS_MS).toISOString()
  const password = newPassword(secretText(), displayName, end)
  application.passwords.push(password)
  store.secretsEverSeen.push(password.secretText)
  const { refusals: _, ...given } = password
  return { body: { ...given, customKeyIdentifier: null } }
}

function removePassword(application: Application, asked: Asked): Answered {
  const { keyId } = JSON.parse(asked.body) as { keyId?: unknown }
  const place = application.passwords.findIndex((password) => password.keyId === keyId)
  if (place === -1) return badRequest(`No password credential found with keyId '${String(keyId)}'.`)
  application.passwords.splice(place, 1)
  return { status: 204 }
}

/** As Graph shows it: secrets are told once, when they are made. */
function shown({ id, appId, displayName, tags, passwords, properties: rest }: Application): Record<string, unknown> {
  const passwordCredentials = passwords.map(({ keyId, displayName: name, startDateTime, endDateTime, hint }) => {
    return { keyId, displayName: name, startDateTime, endDateTime, hint, secretText: null, customKeyIdentifier: null }
  })
  const publisherDomain = 'acme.example'
  return {
    id,
    appId,
    displayName,
    tags,
    ...rest,
    keyCredentials: [],
    passwordCredentials,
    publisherDomain,
    appRoles: [],
  }
}

function invalid(error: z.ZodError | undefined): Answered {
  const fields = error?.issues.map((issue) => issue.path.join('.')).join(', ') ?? 'a read-only property'
  return badRequest(`Invalid value specified for property '${fields}' of resource 'Application'.`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isLocal(uri: string): boolean {
  const url = URL.parse(uri)
  return url?.protocol === 'http:' && /^(?:127\.0\.0\.1|(?:.+\.)?localhost)$/.test(url.hostname)
}
