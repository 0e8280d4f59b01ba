import type { JWK } from 'jose'

import type { Claims, SigningKey } from './keys.ts'
import type { Fault } from './wire.ts'

export type Json = Record<string, unknown>

/** How every answer is bent; all is honest by default. */
export interface Bends {
  person: Claims
  discovery: (honest: Json) => unknown
  keys: (honest: JWK[]) => unknown[]
  /** Parameters of the way back. */
  callback: (honest: Record<string, string>) => [string, string][]
  /** Claims of ID tokens; undefined ones are left out. */
  claims: (honest: Claims) => Claims
  /** Makes an ID token of the claims. */
  idToken: (claims: Claims, key: SigningKey) => Promise<string> | string
  /** The token endpoint's answer to a code, and to a refresh token. */
  grant: (honest: Json) => Json
  refresh: (honest: Json) => Json
  userinfo: (honest: Claims) => unknown
  /** Faults by path, e.g. `/token`. */
  wire: (path: string) => Fault | undefined
  /** Whether the verifier is held against the challenge. */
  checksPkce: boolean
}

export const HONEST: Bends = {
  person: { sub: 'alice', name: 'Alice', email: 'alice@acme.example', email_verified: true, groups: ['staff'] },
  discovery: (honest) => honest,
  keys: (honest) => honest,
  callback: (honest) => Object.entries(honest),
  claims: (honest) => honest,
  idToken: (claims, key) => key.sign(claims),
  grant: (honest) => honest,
  refresh: (honest) => honest,
  userinfo: (honest) => honest,
  wire: () => undefined,
  checksPkce: true,
}
