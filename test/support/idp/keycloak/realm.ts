import { randomUUID } from 'node:crypto'

import { secretText } from '../openid.ts'
import { PEOPLE } from '../vendor.ts'

/** Keycloak's ClientRepresentation, as far as it matters here. */
export interface Client {
  [member: string]: unknown
  id: string
  clientId: string
  name: string
  enabled: boolean
  publicClient: boolean
  bearerOnly: boolean
  standardFlowEnabled: boolean
  serviceAccountsEnabled: boolean
  fullScopeAllowed: boolean
  secret?: string
  redirectUris: string[]
  /** Texts; an empty one is as good as none. */
  attributes: Record<string, string>
  protocolMappers: Mapper[]
  /** Names. */
  defaultClientScopes: string[]
  optionalClientScopes: string[]
}

export interface Mapper {
  id: string
  name: string
  protocol: string
  protocolMapper: string
  config: Record<string, string>
}

export interface Named {
  id: string
  name: string
}

/** A user that belongs to a client, with the names of its roles in the realm's administration. */
export interface ServiceAccount {
  id: string
  clientId: string
  roles: Set<string>
}

const DEFAULT_SCOPES = ['web-origins', 'acr', 'roles', 'profile', 'basic', 'email']
const OPTIONAL_SCOPES = ['address', 'phone', 'organization', 'offline_access', 'microprofile-jwt']
const ROLES = ['manage-clients', 'manage-users', 'view-users', 'query-users', 'query-groups', 'view-clients']

/** The client that the stack's operator has made by hand, as the guide says. */
export const PROVISIONER = 'gatewright-provisioner'
export const MANAGEMENT = 'realm-management'

/** A realm as a fresh Keycloak has it, with the provisioner, and people in groups. */
export class Realm {
  readonly clients = new Map<string, Client>()
  readonly serviceAccounts = new Map<string, ServiceAccount>()
  readonly scopes = [...DEFAULT_SCOPES, ...OPTIONAL_SCOPES].map(named)
  readonly roles = ROLES.map(named)
  readonly groups = [...new Set(PEOPLE.flatMap(({ groups }) => groups))].map(named)
  readonly secretsEverSeen = new Set<string>()
  readonly provisionerSecret = secretText()

  constructor() {
    this.put(randomUUID(), { clientId: MANAGEMENT, bearerOnly: true, standardFlowEnabled: false })
    const rights = { clientId: PROVISIONER, secret: this.provisionerSecret, serviceAccountsEnabled: true }
    const { id } = this.put(randomUUID(), { ...rights, standardFlowEnabled: false })
    this.serviceAccountOf(id).roles.add('manage-clients').add('manage-users')
  }

  byClientId(clientId: string): Client | undefined {
    return [...this.clients.values()].find((client) => client.clientId === clientId)
  }

  /** Those that are not there in an empty realm. */
  made(): Client[] {
    return [...this.clients.values()].filter(({ clientId }) => ![MANAGEMENT, PROVISIONER].includes(clientId))
  }

  /** Makes or changes a client; what a representation does not say stays, or becomes Keycloak's default. */
  put(id: string, representation: Record<string, unknown>): Client {
    const before = this.clients.get(id) ?? blank(id)
    const client = { ...before, ...representation, id } as Client
    client.attributes = withoutEmpty({ ...before.attributes, ...(representation['attributes'] as object | undefined) })
    if (!client.publicClient && !client.bearerOnly) client.secret ??= secretText()
    if (client.secret) this.secretsEverSeen.add(client.secret)
    this.clients.set(id, client)
    if (client.serviceAccountsEnabled && !this.findServiceAccount(id)) {
      const account = { id: randomUUID(), clientId: id, roles: new Set<string>() }
      this.serviceAccounts.set(account.id, account)
    }
    return client
  }

  remove(id: string): void {
    const account = this.findServiceAccount(id)
    if (account) this.serviceAccounts.delete(account.id)
    this.clients.delete(id)
  }

  findServiceAccount(clientId: string): ServiceAccount | undefined {
    return [...this.serviceAccounts.values()].find((account) => account.clientId === clientId)
  }

  serviceAccountOf(clientId: string): ServiceAccount {
    const account = this.findServiceAccount(clientId)
    if (!account) throw new Error(`${clientId} has no service account`)
    return account
  }
}

function blank(id: string): Client {
  return {
    id,
    clientId: id,
    name: '',
    enabled: true,
    clientAuthenticatorType: 'client-secret',
    publicClient: false,
    bearerOnly: false,
    consentRequired: false,
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: true,
    serviceAccountsEnabled: false,
    frontchannelLogout: false,
    fullScopeAllowed: true,
    redirectUris: [],
    webOrigins: [],
    attributes: { realm_client: 'false' },
    protocolMappers: [],
    defaultClientScopes: DEFAULT_SCOPES,
    optionalClientScopes: OPTIONAL_SCOPES,
  }
}

function named(name: string): Named {
  return { id: randomUUID(), name }
}

function withoutEmpty(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, text]) => text !== ''))
}
