import type { Answered } from '../index.ts'
import { invalid } from './answers.ts'
import type { ApplicationMembers, Tenant } from './tenant.ts'

const enums: Record<string, string[]> = {
  type: ['WEB_APP', 'NATIVE_APP', 'SINGLE_PAGE_APP', 'WORKER', 'SERVICE', 'CUSTOM_APP'],
  protocol: ['OPENID_CONNECT'],
  tokenEndpointAuthMethod: [
    'NONE',
    'CLIENT_SECRET_BASIC',
    'CLIENT_SECRET_POST',
    'CLIENT_SECRET_JWT',
    'PRIVATE_KEY_JWT',
  ],
  pkceEnforcement: ['OPTIONAL', 'REQUIRED', 'S256_REQUIRED'],
}
const listEnums: Record<string, string[]> = {
  grantTypes: ['AUTHORIZATION_CODE', 'IMPLICIT', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS', 'DEVICE_CODE'],
  responseTypes: ['TOKEN', 'ID_TOKEN', 'CODE'],
}
const required = ['name', 'type', 'protocol', 'grantTypes', 'tokenEndpointAuthMethod']
const texts = ['name', 'description', 'homePageUrl', 'loginPageUrl', 'initiateLoginUri']
const others = ['enabled', 'redirectUris', 'postLogoutRedirectUris', 'accessControl', 'assignActorRoles', 'idpSignoff']

/**
 * Holds a body against the data model of OpenID Connect applications. It is stricter than the vendor with members that it
 * does not know: those are a mistake of ours.
 * @see https://developer.pingidentity.com/pingone-api/platform/applications/applications-1.html
 */
export function invalidApplication(tenant: Tenant, members: Partial<ApplicationMembers>): Answered | undefined {
  for (const name of required)
    if (members[name] === undefined) return invalid(name, 'must not be empty', 'REQUIRED_VALUE')
  for (const [name, value] of Object.entries(members)) {
    const rule = ruleFor(name)
    if (!rule) return invalid(name, 'is not a member of an application')
    if (!rule(value)) return invalid(name, 'is not a valid value')
  }
  if (members.grantTypes?.includes('AUTHORIZATION_CODE') && !members.redirectUris?.length) {
    return invalid('redirectUris', 'must not be empty for this grant type', 'REQUIRED_VALUE')
  }
  const groups = members.accessControl?.group
  if (groups === undefined) return undefined
  if (!['ANY_GROUP', 'ALL_GROUPS'].includes(groups.type)) return invalid('accessControl.group.type', 'is not valid')
  const unknown = groups.groups.filter(({ id }) => !tenant.groups.some((group) => group.id === id))
  if (groups.groups.length === 0 || unknown.length > 0) return invalid('accessControl.group.groups', 'is not valid')
  return undefined
}

function ruleFor(name: string): ((value: unknown) => boolean) | undefined {
  if (name in enums) return (value) => enums[name]?.includes(String(value)) ?? false
  if (name in listEnums) {
    return (value) => Array.isArray(value) && value.length > 0 && value.every((item) => listEnums[name]?.includes(item))
  }
  if (texts.includes(name)) return (value) => typeof value === 'string' && value !== ''
  if (name.endsWith('Uris')) return (value) => Array.isArray(value) && value.every(isRedirectUri)
  return others.includes(name) ? () => true : undefined
}

/** https, or http within this machine. */
function isRedirectUri(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (url === null || url.hash !== '') return false
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /(?:^|\.)localhost$|^127\.0\.0\.1$/.test(url.hostname))
  )
}

/** Claims that PingOne keeps for itself. */
export const RESERVED_CLAIMS =
  'acr amr at_hash aud auth_time azp client_id exp iat iss jti nbf nonce org scope sid'.split(' ')
