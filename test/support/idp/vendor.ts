import type { Person } from './openid.ts'
import type { Faults } from './server.ts'

/** The same people in every vendor's tenant; alice and carol are of `staff`, bob is not. */
export const PEOPLE: readonly Person[] = [
  { sub: 'person-alice', name: 'Alice Archer', email: 'alice@acme.example', groups: ['staff', 'admins'] },
  { sub: 'person-bob', name: 'Bob Baker', email: 'bob@partner.example', groups: ['contractors'] },
  { sub: 'person-carol', name: 'Carol Cooper', email: 'carol@acme.example', groups: ['staff'] },
]

/** An emulated vendor as the tests of a provider's whole life see it; what else a vendor can do is its own. */
export interface Vendor {
  /** What stands under `identityProviders.<id>` in the stack file, except `name`; credentials included. */
  settings: Record<string, unknown>
  /** What processes of the stack need in their environment, such as where an official plugin finds the vendor. */
  environment: Record<string, string>
  faults: Faults
  log: string[]
  /** All that is not there in an empty tenant, one line a thing: `app login.gw.localhost (local)`. */
  inventory(): string[]
  /** Changes the registered redirect URI of the only client by hand, as somebody in the console would. */
  tamper(redirectUri: string): void
  /** Redirect URIs of the only client. */
  redirectUris(): string[]
  /** Secrets that the only client can use now. */
  liveSecrets(): string[]
  /** Every secret that the vendor ever gave or took, for the search in state, logs and output. */
  secretsEverSeen(): string[]
  close(): Promise<void>
}
