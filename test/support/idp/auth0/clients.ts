import { secretText } from '../openid.ts'
import type { Answered } from '../server.ts'
import { invalidBody, notFound, page } from './answers.ts'
import { checkClient } from './client-schema.ts'
import type { Call, Endpoint } from './management.ts'
import { type Client, clientId } from './tenant.ts'

/** What the API gives a client that says nothing else. */
const defaults = {
  is_first_party: true,
  oidc_conformant: false,
  sso_disabled: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
  is_token_endpoint_ip_header_trusted: false,
  grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
  token_endpoint_auth_method: 'client_secret_basic',
}
/** Here the signing algorithm is missing on purpose: that is HS256. */
const defaultJwt = { lifetime_in_seconds: 36_000, secret_encoded: false }
const defaultRefreshToken = {
  rotation_type: 'non-rotating',
  expiration_type: 'non-expiring',
  leeway: 0,
  token_lifetime: 2_592_000,
  infinite_token_lifetime: true,
  infinite_idle_token_lifetime: true,
  idle_token_lifetime: 1_296_000,
}

/** Applications. @see https://auth0.com/docs/api/management/v2/clients */
export const clientEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: /^clients$/, scope: 'read:clients', answer: list },
  { method: 'POST', path: /^clients$/, scope: 'create:clients', answer: create },
  { method: 'GET', path: /^clients\/([^/]+)$/, scope: 'read:clients', answer: read },
  { method: 'PATCH', path: /^clients\/([^/]+)$/, scope: 'update:clients', answer: update },
  { method: 'DELETE', path: /^clients\/([^/]+)$/, scope: 'delete:clients', answer: remove },
  {
    method: 'GET',
    path: /^clients\/([^/]+)\/credentials$/,
    scope: 'read:client_credentials',
    // Public keys and certificates: an application with a secret has none.
    answer: ({ tenant, id }) => (tenant.clients.has(id) ? { body: [] } : missing()),
  },
]

function list({ tenant, query, scopes }: Call): Answered {
  return page(
    'clients',
    [...tenant.clients.values()].map((client) => shown(client, scopes)),
    query,
  )
}

function create({ tenant, body, scopes }: Call): Answered {
  const checked = checkClient(body, true)
  if ('wrong' in checked) return invalidBody(checked.wrong)
  const client: Client = {
    ...defaults,
    client_id: clientId(),
    client_secret: secretText(),
    jwt_configuration: { ...defaultJwt, ...checked.properties.jwt_configuration },
    refresh_token: { ...defaultRefreshToken, ...checked.properties.refresh_token },
    ...without(checked.properties, 'jwt_configuration', 'refresh_token'),
    name: checked.properties.name ?? '',
  }
  tenant.clients.set(client.client_id, client)
  tenant.secrets.add(client.client_secret)
  return { status: 201, body: shown(client, [...scopes, 'read:client_keys']) }
}

function read({ tenant, id, scopes }: Call): Answered {
  const client = tenant.clients.get(id)
  return client ? { body: shown(client, scopes) } : missing()
}

function update({ tenant, id, body, scopes }: Call): Answered {
  const client = tenant.clients.get(id)
  if (!client) return missing()
  const checked = checkClient(body, false)
  if ('wrong' in checked) return invalidBody(checked.wrong)
  const { client_secret: secret } = checked.properties
  if (secret !== undefined && !scopes.includes('update:client_keys')) return { status: 403, body: insufficient }
  if (secret !== undefined) tenant.secrets.add(secret)
  Object.assign(client, checked.properties)
  return { body: shown(client, scopes) }
}

function remove({ tenant, id }: Call): Answered {
  tenant.clients.delete(id)
  for (const grant of tenant.grants.values()) if (grant.client_id === id) tenant.grants.delete(grant.id)
  return { status: 204 }
}

const insufficient = {
  statusCode: 403,
  error: 'Forbidden',
  message: 'Insufficient scope, expected any of: update:client_keys',
  errorCode: 'insufficient_scope',
}

function missing(): Answered {
  return notFound('The client does not exist', 'inexistent_client')
}

/** Keys are for those who may read them; others get the client without. */
function shown(client: Client, scopes: readonly string[]): Record<string, unknown> {
  return scopes.includes('read:client_keys') ? client : without(client, 'client_secret')
}

function without(map: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name)))
}
