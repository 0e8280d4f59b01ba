import { randomBytes, randomUUID } from 'node:crypto'

import { secretText } from '../openid.ts'
import { PEOPLE } from '../vendor.ts'

/** An application, with the names of the Management API; what it was not told, it keeps from `defaults`. */
export interface Client {
  client_id: string
  client_secret: string
  name: string
  app_type?: string
  callbacks?: string[]
  allowed_logout_urls?: string[]
  grant_types: string[]
  token_endpoint_auth_method: string
  [property: string]: unknown
}

export interface Grant {
  id: string
  client_id: string
  audience: string
  scope: string[]
  subject_type: string
}

interface Version {
  id: string
  code: string
  number: number
}

export interface Action {
  id: string
  name: string
  code: string
  runtime: string
  supported_triggers: { id: string; version: string }[]
  /** A new draft is `pending` until it was looked at once: Auth0 builds it in the background. */
  status: 'pending' | 'built'
  deployed?: Version
}

export interface Binding {
  id: string
  actionId: string
  displayName: string
}

export interface Role {
  id: string
  name: string
  /** Subjects of those who have it. */
  members: string[]
}

/** Everything that one tenant knows. */
export interface Tenant {
  /** `https://<domain>`. */
  origin: string
  clients: Map<string, Client>
  grants: Map<string, Grant>
  actions: Map<string, Action>
  /** By trigger, in the order in which they run. */
  bindings: Map<string, Binding[]>
  roles: Role[]
  /** Every secret and token that ever was. */
  secrets: Set<string>
  /** Access token of the Management API → its scopes. */
  tokens: Map<string, string[]>
  /** The client that was there before everybody else. */
  admin: Client
}

/**
 * A tenant in which there is nobody but the client that the stack administers it with.
 * @param adminScopes what that client may do
 */
export function createTenant(adminScopes: readonly string[]): Tenant {
  const admin: Client = {
    client_id: clientId(),
    client_secret: secretText(),
    name: 'Administration',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  }
  const grant = {
    id: grantId(),
    client_id: admin.client_id,
    audience: '',
    scope: [...adminScopes],
    subject_type: 'client',
  }
  const names = [...new Set(PEOPLE.flatMap(({ groups }) => groups))]
  return {
    origin: '',
    clients: new Map([[admin.client_id, admin]]),
    grants: new Map([[grant.id, grant]]),
    actions: new Map(),
    bindings: new Map(),
    roles: names.map((name) => ({
      id: `rol_${letters(16)}`,
      name,
      members: PEOPLE.filter(({ groups }) => groups.includes(name)).map(({ sub }) => sub),
    })),
    secrets: new Set([admin.client_secret]),
    tokens: new Map(),
    admin,
  }
}

/** Identifier of the Management API. */
export function audienceOf(tenant: Tenant): string {
  return `${tenant.origin}/api/v2/`
}

export const clientId = (): string => letters(32)
export const grantId = (): string => `cgr_${letters(16)}`
export const newId = (): string => randomUUID()

function letters(count: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from(randomBytes(count), (byte) => alphabet[byte % alphabet.length]).join('')
}
