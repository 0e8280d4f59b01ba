import { generateKeyPairSync, randomBytes } from 'node:crypto'

import type { Person } from '../openid.ts'
import { PEOPLE } from '../vendor.ts'

/** A client as somebody made it in the console. */
export interface ConsoleClient {
  id: string
  /** Two at most, each switched on or off by hand. */
  secrets: { value: string; enabled: boolean }[]
  redirectUris: string[]
}

export interface WorkspaceGroup {
  id: string
  email: string
  name: string
  /** `sub` of people. */
  members: string[]
}

/** A Workspace customer, with a project in Google Cloud. */
export interface GoogleTenant {
  client: ConsoleClient
  people: Person[]
  groups: WorkspaceGroup[]
  /** What the console gives for download. */
  serviceAccountKey: { client_email: string; private_key: string; token_uri: string; client_id: string } & Record<
    string,
    string
  >
  publicKey: string
  /** Scopes that the administrator delegated to the service account, by its `client_id`. */
  delegated: Map<string, string[]>
  /** Address of the one who may read the directory. */
  administrator: string
  /** Access token → who reads, with which scopes. */
  tokens: Map<string, { impersonated: string; scopes: string[] }>
}

/** Google's ids of people are long numbers. */
const idOf = (index: number): string => `1040000000000000000${10 + index}`

/** A customer with everybody of the tests, a group for each of their groups, and a service account that may do nothing yet. */
export function createTenant(): GoogleTenant {
  const people = PEOPLE.map((person, index) => ({ ...person, sub: idOf(index) }))
  const names = [...new Set(people.flatMap(({ groups }) => groups))]
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    client: {
      id: `70${Date.now()}-${randomBytes(8).toString('hex')}.apps.googleusercontent.com`,
      secrets: [{ value: consoleSecret(), enabled: true }],
      redirectUris: [],
    },
    people,
    groups: names.map((name, index) => ({
      id: `0${index}abc0123456789`,
      email: `${name}@acme.example`,
      name,
      members: people.filter(({ groups }) => groups.includes(name)).map(({ sub }) => sub),
    })),
    serviceAccountKey: {
      type: 'service_account',
      project_id: 'acme-login',
      private_key_id: randomBytes(20).toString('hex'),
      private_key: privateKey,
      client_email: 'directory@acme-login.iam.gserviceaccount.com',
      client_id: '118000000000000000001',
      token_uri: '',
    },
    publicKey,
    delegated: new Map(),
    administrator: 'admin@acme.example',
    tokens: new Map(),
  }
}

/** A client secret as the console makes them. */
export function consoleSecret(): string {
  return `GOCSPX-${randomBytes(21).toString('base64url')}`
}
