import { createHash, randomUUID } from 'node:crypto'

import { PEOPLE } from '../vendor.ts'

/** Client id of Microsoft Graph, in every tenant. */
export const MICROSOFT_GRAPH = '00000003-0000-0000-c000-000000000000'

/** How many requests for a new object are answered as if it did not exist. */
const UNKNOWN_FOR = 2
/** How many requests with a new secret are refused. */
const REFUSED_FOR = 2

export interface Password {
  keyId: string
  displayName: string | null
  startDateTime: string
  endDateTime: string
  hint: string
  secretText: string
  /** How many more times the token endpoint does not know it. */
  refusals: number
}

/** What applications and service principals have in common. */
interface DirectoryObject {
  id: string
  appId: string
  displayName: string
  tags: string[]
  /** Object ids. */
  owners: string[]
  /** How many more times a replica does not know it. */
  unknownFor: number
}

export interface Application extends DirectoryObject {
  passwords: Password[]
  /** As it was sent, with Graph's own names. */
  properties: {
    web: { redirectUris: string[]; [name: string]: unknown }
    groupMembershipClaims: string | null
    optionalClaims: { idToken?: OptionalClaim[]; [name: string]: unknown } | null
    [name: string]: unknown
  }
}

export interface OptionalClaim {
  name: string
  additionalProperties: string[]
}

export interface ServicePrincipal extends DirectoryObject {
  appRoleAssignmentRequired: boolean
  appRoles: { id: string; value: string; allowedMemberTypes: string[] }[]
  properties: Record<string, unknown>
}

export interface Assignment {
  id: string
  appRoleId: string
  principalId: string
  principalType: 'Group' | 'ServicePrincipal'
  resourceId: string
}

export interface Group {
  id: string
  displayName: string
  securityEnabled: boolean
}

/** A tenant, with the people that every emulated vendor has. */
export interface EntraStore {
  tenantId: string
  /** With what it is administered: an application outside of `applications`, with every permission that we ask for. */
  administrator: { clientId: string; objectId: string; secret: string; roles: string[] }
  applications: Map<string, Application>
  servicePrincipals: Map<string, ServicePrincipal>
  assignments: Map<string, Assignment>
  groups: Group[]
  secretsEverSeen: string[]
}

export function createStore(secret: string): EntraStore {
  const names = [...new Set(PEOPLE.flatMap(({ groups }) => groups)), 'Staff Council', "O'Brien's team"]
  const graph = graphServicePrincipal()
  return {
    tenantId: randomUUID(),
    administrator: {
      clientId: randomUUID(),
      objectId: randomUUID(),
      secret,
      roles: ['Application.ReadWrite.OwnedBy', 'AppRoleAssignment.ReadWrite.All', 'GroupMember.Read.All'],
    },
    applications: new Map(),
    servicePrincipals: new Map([[graph.id, graph]]),
    assignments: new Map(),
    groups: [
      ...names.map((displayName) => ({ id: guidOf(displayName), displayName, securityEnabled: true })),
      // Somebody's own, for mail.
      { id: guidOf('mail'), displayName: 'staff', securityEnabled: false },
    ],
    secretsEverSeen: [secret],
  }
}

/** Microsoft's own, which is in every tenant. */
function graphServicePrincipal(): ServicePrincipal {
  const roles = {
    'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
    'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  }
  return {
    id: randomUUID(),
    appId: MICROSOFT_GRAPH,
    displayName: 'Microsoft Graph',
    tags: [],
    owners: [],
    unknownFor: 0,
    appRoleAssignmentRequired: false,
    appRoles: Object.entries(roles).map(([value, id]) => ({ id, value, allowedMemberTypes: ['Application'] })),
    properties: {},
  }
}

export function newObject(displayName: string, owners: string[]): DirectoryObject {
  return { id: randomUUID(), appId: randomUUID(), displayName, tags: [], owners, unknownFor: UNKNOWN_FOR }
}

export function newPassword(secretText: string, displayName: string | null, endDateTime: string): Password {
  const startDateTime = new Date().toISOString()
  const hint = secretText.slice(0, 3)
  return { keyId: randomUUID(), displayName, startDateTime, endDateTime, hint, secretText, refusals: REFUSED_FOR }
}

/** The same GUID for the same text. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
