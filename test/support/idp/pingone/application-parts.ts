import { randomUUID } from 'node:crypto'

import type { Answered, Asked } from '../index.ts'
import { accessFailed, duplicate, invalid, notFound, page } from './answers.ts'
import { type Application, assign, type Attribute, type Grant, grantedScopes, rolesOf, type Tenant } from './tenant.ts'
import { RESERVED_CLAIMS } from './validate.ts'

/** `…/applications/{id}/{grants,attributes,roleAssignments}`, and one of them below that. */
export function answerPart(
  tenant: Tenant,
  actor: Application,
  application: Application,
  asked: Asked,
  part: string,
  id: string | undefined,
): Answered | undefined {
  switch (part) {
    case 'grants':
      return answerGrants(tenant, application, asked, id)
    case 'attributes':
      return answerAttributes(tenant, application, asked, id)
    case 'roleAssignments':
      return answerRoleAssignments(tenant, actor, application, asked, id)
  }
  return undefined
}

/** @see https://developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html */
function answerGrants(
  tenant: Tenant,
  { grants, members }: Application,
  asked: Asked,
  id: string | undefined,
): Answered | undefined {
  if (asked.method === 'GET' && id === undefined) return page(asked, 'grants', [...grants.values()])
  if (id !== undefined && !grants.has(id)) return notFound()
  if (asked.method === 'DELETE' && id !== undefined) {
    grants.delete(id)
    return { status: 204 }
  }
  if (asked.method !== (id === undefined ? 'POST' : 'PUT')) return undefined
  const { resource, scopes } = JSON.parse(asked.body) as Partial<Grant>
  const known = tenant.resources.find((one) => one.id === resource?.id)
  if (!known || resource === undefined) return invalid('resource.id', 'is not a resource', 'REQUIRED_VALUE')
  if (!scopes?.length || scopes.some((scope) => !known.scopes.some((one) => one.id === scope.id))) {
    return invalid('scopes', 'must be scopes of the resource')
  }
  if (members.type === 'WORKER') return invalid('scopes', 'are not for worker applications')
  if (id === undefined && [...grants.values()].some((grant) => grant.resource.id === resource.id)) {
    return duplicate('resource.id')
  }
  const grant = { id: id ?? randomUUID(), resource, scopes }
  grants.set(grant.id, grant)
  return { status: id === undefined ? 201 : 200, body: grant }
}

/** @see https://developer.pingidentity.com/pingone-api/platform/applications/application-attribute-mapping.html */
function answerAttributes(
  tenant: Tenant,
  application: Application,
  asked: Asked,
  id: string | undefined,
): Answered | undefined {
  const { attributes } = application
  if (asked.method === 'GET' && id === undefined) {
    return page(asked, 'attributes', [...attributes.values(), ...scopeAttributes(tenant, application)])
  }
  const present = id === undefined ? undefined : attributes.get(id)
  if (id !== undefined && !present) return notFound()
  if (asked.method === 'DELETE' && present) {
    if (present.mappingType === 'CORE') return invalid('name', 'cannot be deleted')
    attributes.delete(present.id)
    return { status: 204 }
  }
  if (asked.method !== (present ? 'PUT' : 'POST')) return undefined
  const { name, value, required } = JSON.parse(asked.body) as Partial<Attribute>
  for (const [member, given] of Object.entries({ name, value, required })) {
    if (given === undefined || given === '') return invalid(member, 'must not be empty', 'REQUIRED_VALUE')
  }
  if (name === undefined || value === undefined || RESERVED_CLAIMS.includes(name)) return invalid('name', 'is reserved')
  if (name === 'sub' && required !== true) return invalid('required', 'must be true')
  if ([...attributes.values()].some((other) => other !== present && other.name === name)) return duplicate('name')
  const mapped: Attribute = {
    id: present?.id ?? randomUUID(),
    name,
    value,
    required,
    mappingType: present?.mappingType ?? 'CUSTOM',
  }
  attributes.set(mapped.id, mapped)
  return { status: present ? 200 : 201, body: mapped }
}

/** The claims that come with the granted scopes are listed too. */
function scopeAttributes(tenant: Tenant, application: Application): Attribute[] {
  const granted = grantedScopes(tenant, application)
  return granted.includes('email')
    ? [{ id: randomUUID(), name: 'email', value: '${user.email}', mappingType: 'SCOPE' }]
    : []
}

/** @see https://developer.pingidentity.com/pingone-api/platform/applications/application-role-assignments.html */
function answerRoleAssignments(
  tenant: Tenant,
  actor: Application,
  application: Application,
  asked: Asked,
  id: string | undefined,
): Answered | undefined {
  const { roleAssignments } = application
  if (asked.method === 'GET' && id === undefined) return page(asked, 'roleAssignments', [...roleAssignments.values()])
  if (asked.method === 'DELETE' && id !== undefined) return roleAssignments.delete(id) ? { status: 204 } : notFound()
  if (asked.method !== 'POST' || id !== undefined) return undefined
  const { role, scope } = JSON.parse(asked.body) as { role?: { id: string }; scope?: { id: string; type: string } }
  const known = tenant.roles.find((one) => one.id === role?.id)
  if (!known) return invalid('role.id', 'is not a role', 'REQUIRED_VALUE')
  if (scope?.type !== 'ENVIRONMENT' || scope.id !== tenant.environmentId) return invalid('scope', 'is not valid')
  // Nobody can give what they do not have.
  if (!rolesOf(tenant, actor).includes(known.name)) return accessFailed()
  if ([...roleAssignments.values()].some((held) => held.role.id === known.id)) return duplicate('role.id')
  return { status: 201, body: assign(application, known.id, tenant.environmentId) }
}
