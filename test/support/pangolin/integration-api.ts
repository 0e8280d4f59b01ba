import * as z from 'zod'

import type { Answered, Asked, Handler } from '../idp/server.ts'
import { fail, parseBody, succeed } from './answers.ts'
import { deleteIdentityProvider, type Installation, type StoredClient } from './installation.ts'
import { callbackOf } from './sign-in.ts'

const filled = z.string().min(1)
const optional = z.string().optional()
const variant = z.enum(['oidc', 'google', 'azure'])

const addresses = {
  endpoints: { authUrl: z.url(), tokenUrl: z.url() },
  discovery: { discoveryUrl: z.url() },
} as const

/** Bodies are strict: a member that the version does not know is refused. */
const createBody = (version: Installation['addressing']) =>
  z.strictObject({
    name: filled,
    clientId: filled,
    clientSecret: filled,
    ...addresses[version],
    identifierPath: filled,
    emailPath: optional,
    namePath: optional,
    scopes: filled,
    autoProvision: z.boolean().optional(),
    tags: optional,
    variant: variant.default('oidc'),
  })

const updateBody = (version: Installation['addressing']) =>
  z.strictObject({
    name: optional,
    clientId: optional,
    clientSecret: optional,
    ...(version === 'endpoints' ? { authUrl: optional, tokenUrl: optional } : { discoveryUrl: optional }),
    identifierPath: optional,
    emailPath: optional,
    namePath: optional,
    scopes: optional,
    autoProvision: z.boolean().optional(),
    defaultRoleMapping: optional,
    defaultOrgMapping: optional,
    tags: optional,
    variant: variant.optional(),
  })

const policyBody = z.strictObject({ roleMapping: optional, orgMapping: optional })

interface Called {
  installation: Installation
  asked: Asked
  /** Of the dashboard. */
  dashboard: string
  idpId: number
  orgId: string
}

type Route = (called: Called) => Answered

/** Method, path below `/v1`, the action that a key must be allowed; none where every key may. */
const routes: [method: string, path: RegExp, action: string | undefined, route: Route][] = [
  ['PUT', /^\/idp\/oidc$/, 'createIdp', create],
  ['POST', /^\/idp\/([^/]+)\/oidc$/, 'updateIdp', update],
  ['GET', /^\/idp$/, undefined, list],
  ['GET', /^\/idp\/([^/]+)$/, 'getIdp', read],
  ['DELETE', /^\/idp\/([^/]+)$/, 'deleteIdp', remove],
  ['PUT', /^\/idp\/([^/]+)\/org\/([^/]+)$/, 'createIdpOrg', createPolicy],
  ['POST', /^\/idp\/([^/]+)\/org\/([^/]+)$/, 'updateIdpOrg', updatePolicy],
  ['DELETE', /^\/idp\/([^/]+)\/org\/([^/]+)$/, 'deleteIdpOrg', removePolicy],
  ['GET', /^\/idp\/([^/]+)\/org$/, 'listIdpOrgs', listPolicies],
]

/**
 * The integration API, as far as it is about identity providers.
 * @param host of it
 * @param dashboard origin
 */
export function createIntegrationApi(installation: Installation, host: () => string, dashboard: () => string): Handler {
  return (asked) => {
    if (asked.url.host !== host()) return undefined
    const path = /^\/v1(\/.*)$/.exec(asked.url.pathname)?.[1]
    const found =
      path === undefined ? undefined : routes.find(([method, shape]) => method === asked.method && shape.test(path))
    if (found === undefined || path === undefined) return { status: 404, body: `<pre>Cannot ${asked.method}</pre>` }
    const [, shape, action, route] = found
    const refused = authorize(installation, asked, action)
    if (refused) return refused
    const [, idpId = '', orgId = ''] = shape.exec(path) ?? []
    if (idpId !== '' && !/^\d+$/.test(idpId)) return fail(400, 'Validation error: Invalid input at "idpId"')
    return route({
      installation,
      asked,
      dashboard: dashboard(),
      idpId: Number(idpId),
      orgId: decodeURIComponent(orgId),
    })
  }
}

function authorize({ keys }: Installation, { headers }: Asked, action: string | undefined): Answered | undefined {
  const shown = /^Bearer (\S+)/.exec(headers.authorization ?? '')?.[1]
  if (shown === undefined) return fail(401, 'API key required')
  const key = keys.find(({ value }) => value === shown)
  if (key === undefined) return fail(401, 'Invalid API key')
  if (action === undefined) return undefined
  if (!key.isRoot) return fail(403, 'Key does not have root access')
  if (key.actions && !key.actions.includes(action)) return fail(403, 'Key does not have permission perform this action')
  return undefined
}

function create({ installation, asked, dashboard }: Called): Answered {
  const parsed = parseBody(createBody(installation.addressing), asked)
  if ('refused' in parsed) return parsed.refused
  const { name, autoProvision = false, tags = null, emailPath = null, namePath = null, ...client } = parsed.data
  const idpId = installation.nextId++
  installation.secretsEverSeen.add(client.clientSecret)
  installation.identityProviders.set(idpId, {
    idp: {
      idpId,
      name,
      type: 'oidc',
      autoProvision,
      defaultRoleMapping: "'Member'",
      defaultOrgMapping: "'{{orgId}}'",
      tags,
    },
    client: { ...client, emailPath, namePath },
  })
  return succeed({ idpId, redirectUrl: callbackOf(dashboard, idpId) }, 'Idp created successfully', 201)
}

function update({ installation, asked, idpId }: Called): Answered {
  const parsed = parseBody(updateBody(installation.addressing), asked)
  if ('refused' in parsed) return parsed.refused
  const stored = installation.identityProviders.get(idpId)
  if (!stored) return fail(404, 'IdP not found')
  const { name, autoProvision, defaultRoleMapping, defaultOrgMapping, tags, clientId, clientSecret, ...rest } =
    parsed.data
  if (clientSecret) installation.secretsEverSeen.add(clientSecret)
  // Neither can be emptied.
  const credential = { clientId: clientId || undefined, clientSecret: clientSecret || undefined }
  assignKnown(stored.idp, { name, autoProvision, defaultRoleMapping, defaultOrgMapping, tags })
  assignKnown(stored.client, { ...rest, ...credential })
  return succeed({ idpId }, 'IdP updated successfully')
}

function list({ installation, asked }: Called): Answered {
  const idps = [...installation.identityProviders.values()].map(({ idp, client }) => ({
    idpId: idp.idpId,
    name: idp.name,
    type: idp.type,
    variant: client.variant,
    orgCount: installation.policies.filter(({ idpId }) => idpId === idp.idpId).length,
    autoProvision: idp.autoProvision,
    tags: idp.tags,
  }))
  return page(asked, idps, 'idps')
}

/** With the client's id and secret as they are. */
function read({ installation, idpId }: Called): Answered {
  const stored = installation.identityProviders.get(idpId)
  if (!stored) return fail(404, 'Idp not found')
  const idpOidcConfig: StoredClient & { idpId: number } = { idpId, ...stored.client }
  return succeed({ idp: stored.idp, idpOidcConfig }, 'Idp retrieved successfully')
}

function remove({ installation, idpId }: Called): Answered {
  if (!installation.identityProviders.has(idpId)) return fail(404, 'IdP not found')
  deleteIdentityProvider(installation, idpId)
  return succeed(null, 'IdP deleted successfully')
}

function createPolicy({ installation, asked, idpId, orgId }: Called): Answered {
  const parsed = parseBody(policyBody, asked)
  if ('refused' in parsed) return parsed.refused
  if (!installation.identityProviders.has(idpId)) return fail(400, 'An IDP with this ID does not exist.')
  if (policyOf(installation, idpId, orgId)) return fail(400, 'An IDP org policy already exists.')
  // Its database knows no such organization.
  if (!installation.organizations.has(orgId)) return fail(500, 'An error occurred')
  const { roleMapping = null, orgMapping = null } = parsed.data
  installation.policies.push({ idpId, orgId, roleMapping, orgMapping })
  return succeed({}, 'Idp created successfully', 201)
}

function updatePolicy({ installation, asked, idpId, orgId }: Called): Answered {
  const parsed = parseBody(policyBody, asked)
  if ('refused' in parsed) return parsed.refused
  if (!installation.identityProviders.has(idpId)) return fail(400, 'An IDP with this ID does not exist.')
  const policy = policyOf(installation, idpId, orgId)
  if (!policy) return fail(400, 'A policy for this IDP and org does not exist.')
  assignKnown(policy, parsed.data)
  return succeed({}, 'Policy updated successfully')
}

function removePolicy({ installation, idpId, orgId }: Called): Answered {
  const policy = policyOf(installation, idpId, orgId)
  // It reads a member of what it has not found.
  if (!policy) return fail(500, 'An error occurred')
  installation.policies.splice(installation.policies.indexOf(policy), 1)
  return succeed(null, 'Policy deleted successfully')
}

function listPolicies({ installation, asked, idpId }: Called): Answered {
  const policies = installation.policies.filter((policy) => policy.idpId === idpId)
  return page(asked, policies, 'policies')
}

function page({ url: { searchParams } }: Asked, items: readonly unknown[], name: string): Answered {
  const limit = Number(searchParams.get('limit') ?? '1000')
  const offset = Number(searchParams.get('offset') ?? '0')
  const pagination = { total: items.length, limit, offset }
  return succeed({ [name]: items.slice(offset, offset + limit), pagination }, 'Retrieved successfully')
}

function policyOf({ policies }: Installation, idpId: number, orgId: string) {
  return policies.find((policy) => policy.idpId === idpId && policy.orgId === orgId)
}

/** What a body leaves out stays as it is. */
function assignKnown<Target extends object>(
  target: Target,
  fields: { [Name in keyof Target]?: Target[Name] | undefined },
) {
  Object.assign(target, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
}
