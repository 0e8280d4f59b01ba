import { createHash, randomUUID } from 'node:crypto'

import { PEOPLE } from '../vendor.ts'

/** How a Pocket ID keeps secrets: one a client (up to 2.13), or several (from 2.14 on). */
export type SecretsApi = 'one' | 'several'

export interface TenantSecret {
  id: string
  /** Empty where the secret is older than 2.14. */
  prefix: string
  hash: string
  createdAt: string
  expiresAt: string | null
}

export interface TenantClient {
  id: string
  name: string
  description: string
  callbackURLs: string[]
  logoutCallbackURLs: string[]
  launchURL: string | null
  isPublic: boolean
  pkceEnabled: boolean
  requiresReauthentication: boolean
  requiresPushedAuthorizationRequests: boolean
  skipConsent: boolean
  isGroupRestricted: boolean
  accessTokenDurationMinutes: number
  refreshTokenDurationMinutes: number
  federatedIdentities: unknown[]
  allowedUserGroupIds: string[]
  secrets: TenantSecret[]
}

export interface TenantGroup {
  id: string
  name: string
  friendlyName: string
}

/** What one Pocket ID holds. Of secrets it keeps digests alone, as the real one does. */
export interface Tenant {
  secretsApi: SecretsApi
  apiKey: string
  clients: Map<string, TenantClient>
  groups: TenantGroup[]
  /** Every secret that was given or taken. */
  secretsEverSeen: Set<string>
}

/** A tenant with the groups of all people and nothing else. */
export function createTenant(secretsApi: SecretsApi): Tenant {
  const names = [...new Set(PEOPLE.flatMap(({ groups }) => groups)), 'guests']
  const apiKey = `key-${randomUUID()}`
  return {
    secretsApi,
    apiKey,
    clients: new Map(),
    groups: names.map((name) => ({ id: randomUUID(), name, friendlyName: name.toUpperCase() })),
    secretsEverSeen: new Set([apiKey]),
  }
}

/** Puts a secret among those of a client, or in their place. */
export function keepSecret(
  tenant: Tenant,
  client: TenantClient,
  value: string,
  expiresAt: string | null,
): TenantSecret {
  const [id, createdAt] = [randomUUID(), new Date().toISOString()]
  const secret = { id, prefix: value.slice(0, 4), hash: digest(value), createdAt, expiresAt }
  client.secrets = tenant.secretsApi === 'one' ? [secret] : [...client.secrets, secret]
  tenant.secretsEverSeen.add(value)
  return secret
}

export function isActive({ expiresAt }: Pick<TenantSecret, 'expiresAt'>): boolean {
  return expiresAt === null || Date.parse(expiresAt) > Date.now()
}

/** Of all secrets that anybody has seen, those that this client can use now. */
export function liveSecrets(tenant: Tenant, client: TenantClient): string[] {
  const live = client.secrets.filter(isActive).map(({ hash }) => hash)
  return [...tenant.secretsEverSeen].filter((value) => live.includes(digest(value)))
}

/** What the update to 2.14 makes of a tenant: secrets get ids, and of their beginnings nothing was stored. */
export function upgrade(tenant: Tenant): void {
  tenant.secretsApi = 'several'
  for (const client of tenant.clients.values()) {
    client.secrets = client.secrets.map((secret) => ({ ...secret, id: randomUUID(), prefix: '' }))
  }
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}
