import { randomBytes, randomUUID } from 'node:crypto'

/** How it is told where a provider is: by its two endpoints (up to 1.22), or by its discovery document. */
export type Addressing = 'endpoints' | 'discovery'

export interface StoredIdentityProvider {
  idpId: number
  name: string
  type: 'oidc'
  autoProvision: boolean
  defaultRoleMapping: string | null
  defaultOrgMapping: string | null
  tags: string | null
}

export interface StoredClient {
  clientId: string
  clientSecret: string
  authUrl?: string
  tokenUrl?: string
  discoveryUrl?: string
  identifierPath: string
  emailPath: string | null
  namePath: string | null
  scopes: string
  variant: string
}

export interface StoredPolicy {
  idpId: number
  orgId: string
  roleMapping: string | null
  orgMapping: string | null
}

export interface StoredUser {
  userId: string
  /** In lower case. */
  username: string
  email: string | null
  name: string | null
  idpId: number
  /** Organization → as what, and whether a sign-in brought them there. */
  organizations: Map<string, { roles: string[]; autoProvisioned: boolean }>
}

export interface ApiKey {
  /** As it is shown in a request: `<id>.<secret>`. */
  value: string
  isRoot: boolean
  /** All of them where it is left out. */
  actions?: string[]
}

/** What one Pangolin holds. */
export interface Installation {
  addressing: Addressing
  /** Signs what lies in cookies. */
  serverSecret: Uint8Array
  keys: ApiKey[]
  identityProviders: Map<number, { idp: StoredIdentityProvider; client: StoredClient }>
  policies: StoredPolicy[]
  /** Organization → names of its roles. */
  organizations: Map<string, string[]>
  users: StoredUser[]
  /** Value of the cookie → whose session. */
  sessions: Map<string, string>
  nextId: number
  /** Every client secret that it was given. */
  secretsEverSeen: Set<string>
}

/** One as its installer leaves it, with two organizations and an administrator's root key. */
export function createInstallation(addressing: Addressing): Installation {
  const key = `${randomBytes(8).toString('hex')}.${randomBytes(20).toString('hex')}`
  return {
    addressing,
    serverSecret: randomBytes(32),
    keys: [{ value: key, isRoot: true }],
    identityProviders: new Map(),
    policies: [],
    organizations: new Map([
      ['acme', ['Admin', 'Member']],
      ['guild', ['Admin', 'Member']],
    ]),
    users: [],
    sessions: new Map(),
    nextId: 1,
    secretsEverSeen: new Set([key]),
  }
}

/** With it go its policies and its people. */
export function deleteIdentityProvider(installation: Installation, idpId: number): void {
  installation.identityProviders.delete(idpId)
  installation.policies = installation.policies.filter((policy) => policy.idpId !== idpId)
  installation.users = installation.users.filter((user) => user.idpId !== idpId)
}

export function newUser(fields: Pick<StoredUser, 'username' | 'email' | 'name' | 'idpId'>): StoredUser {
  return { userId: randomUUID(), ...fields, organizations: new Map() }
}
