import { randomUUID } from 'node:crypto'

import { type Person, secretText } from '../index.ts'

/** A thing of the API with an id; the rest is as the vendor's reference has it. */
export interface Entity {
  id: string
  [member: string]: unknown
}

export interface Role extends Entity {
  name: string
}

export interface Attribute extends Entity {
  name: string
  value: string
  mappingType: 'CORE' | 'CUSTOM' | 'SCOPE'
}

export interface Grant extends Entity {
  resource: { id: string }
  scopes: { id: string }[]
}

export interface RoleAssignment extends Entity {
  role: { id: string }
  scope: { id: string; type: string }
}

/** What an application says of itself. */
export interface ApplicationMembers {
  name: string
  type: string
  protocol: string
  enabled: boolean
  grantTypes: string[]
  tokenEndpointAuthMethod: string
  redirectUris?: string[]
  postLogoutRedirectUris?: string[]
  pkceEnforcement?: string
  accessControl?: { group?: { type: string; groups: { id: string }[] } }
  [member: string]: unknown
}

export interface Application {
  id: string
  members: ApplicationMembers
  secret: string
  previous?: { secret: string; expiresAt: string } | undefined
  attributes: Map<string, Attribute>
  grants: Map<string, Grant>
  roleAssignments: Map<string, RoleAssignment>
}

/** One environment of PingOne. */
export interface Tenant {
  environmentId: string
  applications: Map<string, Application>
  groups: Entity[]
  roles: Role[]
  resources: { id: string; name: string; type: string; scopes: { id: string; name: string }[] }[]
  /** Applications by the access token that they were given. */
  tokens: Map<string, Application>
  /** The worker that the operator has made by hand. */
  administrator: Application
  /** Every secret there ever was, but for the administrator's. */
  secretsEverSeen: string[]
}

const ROLE_NAMES = [
  'Organization Admin',
  'Environment Admin',
  'Identity Data Admin',
  'Identity Data Read Only',
  'Client Application Developer',
  'Configuration Read Only',
]

/** What an operator gives the worker in the stack file. */
const ADMINISTRATOR_ROLES = ['Client Application Developer', 'Identity Data Read Only']

export function createTenant(people: readonly Person[]): Tenant {
  const groupNames = [...new Set(people.flatMap(({ groups }) => groups))]
  const tenant: Omit<Tenant, 'administrator'> = {
    environmentId: randomUUID(),
    applications: new Map(),
    // The same name in two populations is two groups.
    groups: [...groupNames, 'interns', 'interns'].map((name) => ({ id: randomUUID(), name })),
    roles: ROLE_NAMES.map((name) => ({ id: randomUUID(), name })),
    resources: [
      resource('PingOne API', 'PINGONE_API', ['p1:read:user', 'p1:update:user']),
      resource('openid', 'OPENID_CONNECT', ['address', 'email', 'offline_access', 'openid', 'phone', 'profile']),
    ],
    tokens: new Map(),
    secretsEverSeen: [],
  }
  const administrator = newApplication({
    name: 'Gatewright administration',
    type: 'WORKER',
    protocol: 'OPENID_CONNECT',
    enabled: true,
    grantTypes: ['CLIENT_CREDENTIALS'],
    tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
  })
  for (const { id, name } of tenant.roles) {
    if (ADMINISTRATOR_ROLES.includes(name)) assign(administrator, id, tenant.environmentId)
  }
  tenant.applications.set(administrator.id, administrator)
  return { ...tenant, administrator }
}

/** An application as it is when it has just been made. */
export function newApplication(members: ApplicationMembers): Application {
  const subject: Attribute = { id: randomUUID(), name: 'sub', value: '${user.id}', mappingType: 'CORE', required: true }
  return {
    id: randomUUID(),
    members,
    secret: newSecret(),
    attributes: new Map([[subject.id, subject]]),
    grants: new Map(),
    roleAssignments: new Map(),
  }
}

/** Gives an application a role in the environment. */
export function assign(application: Application, roleId: string, environmentId: string): RoleAssignment {
  const scope = { id: environmentId, type: 'ENVIRONMENT' }
  const assignment = { id: randomUUID(), role: { id: roleId }, scope, readOnly: false }
  application.roleAssignments.set(assignment.id, assignment)
  return assignment
}

/** Names of the roles that an application holds. */
export function rolesOf(tenant: Tenant, { roleAssignments }: Application): string[] {
  const ids = new Set([...roleAssignments.values()].map(({ role }) => role.id))
  return tenant.roles.filter(({ id }) => ids.has(id)).map(({ name }) => name)
}

/** At least 64 characters, as HS512 wants. */
export function newSecret(): string {
  return secretText() + secretText()
}

/** What an application can authenticate with now. */
export function liveSecrets({ secret, previous }: Application): string[] {
  return previous && Date.parse(previous.expiresAt) > Date.now() ? [secret, previous.secret] : [secret]
}

/** Names of the scopes that an application may ask for at the resource `openid`. */
export function grantedScopes(tenant: Tenant, { grants }: Application): string[] {
  const ids = new Set([...grants.values()].flatMap(({ scopes }) => scopes.map(({ id }) => id)))
  const scopes = tenant.resources.flatMap((known) => known.scopes)
  return ['openid', ...scopes.filter(({ id }) => ids.has(id)).map(({ name }) => name)]
}

function resource(name: string, type: string, scopes: string[]): Tenant['resources'][number] {
  return { id: randomUUID(), name, type, scopes: scopes.map((scope) => ({ id: randomUUID(), name: scope })) }
}
