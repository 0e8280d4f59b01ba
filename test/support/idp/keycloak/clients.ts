import { randomUUID } from 'node:crypto'

import type { Answered } from '../server.ts'
import { type AdminRequest, FORBIDDEN, NO_CONTENT } from './admin-request.ts'
import { type Client, MANAGEMENT, type Mapper, type Realm } from './realm.ts'

/** Members that a ClientRepresentation may have; another one is refused. */
const MEMBERS = new Set(
  [
    'id clientId name description rootUrl adminUrl baseUrl enabled alwaysDisplayInConsole',
    'clientAuthenticatorType secret redirectUris webOrigins bearerOnly consentRequired protocol',
    'standardFlowEnabled implicitFlowEnabled directAccessGrantsEnabled serviceAccountsEnabled',
    'authorizationServicesEnabled publicClient frontchannelLogout attributes fullScopeAllowed',
    'authenticationFlowBindingOverrides protocolMappers defaultClientScopes optionalClientScopes',
  ].flatMap((line) => line.split(' ')),
)

const LONGEST_CLIENT_ID = 255

const NOT_FOUND: Answered = { status: 404, body: { error: 'Could not find client' } }

/** `/clients…` and `/client-scopes`. */
export function answerClients(realm: Realm, request: AdminRequest): Answered | undefined {
  const { method, path, query, may } = request
  const [collection, id, part, ...rest] = path
  if (collection !== 'clients' && collection !== 'client-scopes') return undefined
  if (!may('manage-clients', ...(method === 'GET' ? ['view-clients'] : []))) return FORBIDDEN
  if (collection === 'client-scopes')
    return { body: realm.scopes.map((scope) => ({ ...scope, protocol: 'openid-connect' })) }
  if (id === undefined) {
    if (method === 'POST') return create(realm, request)
    const wanted = query.get('clientId')
    return { body: [...realm.clients.values()].filter(({ clientId }) => wanted === null || clientId === wanted) }
  }
  const client = realm.clients.get(id)
  if (!client) return NOT_FOUND
  switch (part) {
    case undefined:
      return answerClient(realm, client, request)
    case 'client-secret':
      return { body: client.bearerOnly ? { type: 'secret' } : { type: 'secret', value: client.secret } }
    case 'service-account-user':
      return answerServiceAccount(realm, client)
    case 'roles':
      return answerRole(realm, client, rest[0])
    case 'protocol-mappers':
      return answerMappers(client, request, rest[1])
    case 'default-client-scopes':
      return { body: realm.scopes.filter(({ name }) => client.defaultClientScopes.includes(name)) }
    case 'optional-client-scopes':
      return answerOptionalScopes(realm, client, method, rest[0])
    default:
      return undefined
  }
}

function create(realm: Realm, { body, origin }: AdminRequest): Answered {
  const representation = body as Record<string, unknown>
  const { clientId } = representation as { clientId?: string }
  const refusal = refuse(representation)
  if (refusal) return refusal
  if (clientId !== undefined && realm.byClientId(clientId)) {
    return { status: 409, body: { errorMessage: `Client ${clientId} already exists` } }
  }
  const { id } = realm.put(randomUUID(), representation)
  return { status: 201, headers: { location: `${origin}/admin/realms/acme/clients/${id}` } }
}

function answerClient(realm: Realm, client: Client, { method, body }: AdminRequest): Answered {
  if (method === 'GET') return { body: client }
  if (method === 'DELETE') {
    realm.remove(client.id)
    return NO_CONTENT
  }
  const representation = body as Record<string, unknown>
  const refusal = refuse(representation)
  if (refusal) return refusal
  realm.put(client.id, representation)
  return NO_CONTENT
}

function refuse(representation: Record<string, unknown>): Answered | undefined {
  const unknown = Object.keys(representation).find((member) => !MEMBERS.has(member))
  if (unknown !== undefined) return { status: 400, body: { error: `Unrecognized field "${unknown}"` } }
  const { clientId, redirectUris } = representation as { clientId?: string; redirectUris?: string[] }
  if ((clientId?.length ?? 0) > LONGEST_CLIENT_ID) return { status: 500, body: { error: 'unknown_error' } }
  if (redirectUris?.some((uri) => uri.includes('#'))) {
    const description = 'Redirect URIs must not contain an URI fragment'
    return { status: 400, body: { error: 'invalid_input', error_description: description } }
  }
  return undefined
}

function answerServiceAccount(realm: Realm, { id, clientId }: Client): Answered {
  const account = realm.findServiceAccount(id)
  if (account) return { body: { id: account.id, username: `service-account-${clientId}`, enabled: true } }
  return { status: 400, body: { error: `Service account not enabled for the client '${clientId}'` } }
}

function answerRole(realm: Realm, { id, clientId }: Client, wanted: string | undefined): Answered {
  const role = clientId === MANAGEMENT ? realm.roles.find(({ name }) => name === wanted) : undefined
  return role
    ? { body: { ...role, clientRole: true, containerId: id } }
    : { status: 404, body: { error: 'Could not find role' } }
}

function answerMappers(client: Client, { method, body, origin }: AdminRequest, id: string | undefined): Answered {
  const { protocolMappers: mappers } = client
  if (id === undefined && method === 'GET') return { body: mappers }
  if (id === undefined) {
    const given = body as Omit<Mapper, 'id'>
    if (given.protocolMapper !== 'oidc-group-membership-mapper') {
      return { status: 404, body: { error: 'ProtocolMapper provider not found' } }
    }
    if (mappers.some(({ name }) => name === given.name)) {
      return { status: 409, body: { errorMessage: 'Protocol mapper exists with same name' } }
    }
    const mapper = { ...given, id: randomUUID() }
    client.protocolMappers = [...mappers, mapper]
    const location = `${origin}/admin/realms/acme/clients/${client.id}/protocol-mappers/models/${mapper.id}`
    return { status: 201, headers: { location } }
  }
  const mapper = mappers.find((candidate) => candidate.id === id)
  if (!mapper) return { status: 404, body: { error: 'Model not found' } }
  if (method === 'GET') return { body: mapper }
  const others = mappers.filter((candidate) => candidate !== mapper)
  client.protocolMappers = method === 'DELETE' ? others : [...others, { ...(body as Mapper), id }]
  return NO_CONTENT
}

function answerOptionalScopes(realm: Realm, client: Client, method: string, id: string | undefined): Answered {
  const present = client.optionalClientScopes
  if (method === 'GET') return { body: realm.scopes.filter(({ name }) => present.includes(name)) }
  const scope = realm.scopes.find((candidate) => candidate.id === id)
  if (!scope) return { status: 404, body: { error: 'Client scope not found' } }
  const others = present.filter((name) => name !== scope.name)
  client.optionalClientScopes = method === 'PUT' ? [...others, scope.name] : others
  return NO_CONTENT
}
