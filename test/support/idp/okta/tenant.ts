import { randomInt } from 'node:crypto'

import { secretText } from '../openid.ts'
import { PEOPLE } from '../vendor.ts'

/** A client secret; Okta lists all of them with their value. */
export interface Secret {
  id: string
  status: 'ACTIVE' | 'INACTIVE'
  value: string
  created: string
}

/** The part of an app's settings that is about OAuth, under the names of the wire. */
export interface OAuthSettings {
  application_type: string
  grant_types: string[]
  response_types: string[]
  redirect_uris: string[]
  post_logout_redirect_uris?: string[]
  jwks?: { keys: ServiceKey[] }
  [name: string]: unknown
}

export interface ServiceKey {
  kid: string
  kty: string
  [member: string]: unknown
}

export interface App {
  id: string
  label: string
  status: 'ACTIVE' | 'INACTIVE'
  created: string
  oauthClient: { token_endpoint_auth_method: string; pkce_required: boolean; autoKeyRotation: boolean }
  settings: OAuthSettings
  implicitAssignment: boolean
  notes: { admin: string | null; enduser: string | null }
  hide: { iOS: boolean; web: boolean }
  secrets: Secret[]
  /** Assigned groups, each with its profile. */
  assignments: Map<string, unknown>
  /** The groups claim of ID tokens. */
  groupsClaim: Record<string, string>
  /** Scopes of Okta's own API that it has consent for, by the id of the grant. */
  grants: Map<string, string>
  /** Administrator roles, by id of the assignment. */
  roles: Map<string, string>
}

export interface Group {
  id: string
  name: string
  type: 'BUILT_IN' | 'OKTA_GROUP'
}

/** An organisation, as empty as a new one, with people in groups. */
export interface Tenant {
  origin: string
  apiToken: string
  apps: Map<string, App>
  groups: Group[]
  /** Tokens of service apps for the management API, with their scopes. */
  tokens: Map<string, string[]>
  /** Every value that was ever a secret here. */
  secretsEverSeen: Set<string>
}

export function createTenant(): Tenant {
  const apiToken = `00${secretText()}`
  const names = [...new Set(PEOPLE.flatMap(({ groups }) => groups)), 'staff-abroad', 'auditors']
  return {
    origin: '',
    apiToken,
    apps: new Map(),
    groups: [
      { id: newId('00g'), name: 'Everyone', type: 'BUILT_IN' },
      ...names.map((name) => ({ id: newId('00g'), name, type: 'OKTA_GROUP' as const })),
    ],
    tokens: new Map(),
    secretsEverSeen: new Set([apiToken]),
  }
}

/** Adds a secret of this value to an app. */
export function addSecret(tenant: Tenant, app: App, value: string, status: Secret['status'] = 'ACTIVE'): Secret {
  const secret = { id: newId('ocs'), status, value, created: new Date().toISOString() }
  app.secrets.push(secret)
  tenant.secretsEverSeen.add(value)
  return secret
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Twenty characters, of which the first ones tell the kind of thing. */
export function newId(prefix: string): string {
  const rest = Array.from({ length: 20 - prefix.length }, () => ALPHABET[randomInt(ALPHABET.length)])
  return prefix + rest.join('')
}
