import { digest } from '../sessions/index.ts'
import type { IdentityKey, Passkey, Session } from '../store/index.ts'

/**
 * How something of an account is called in addresses and forms. It is only ever looked for among what the account has: somebody
 * else's handle finds nothing. It is not the thing's own id, which other rooms may take for more than a name.
 */
export type Handle = string

export function passkeyHandle({ id }: Pick<Passkey, 'id'>): Handle {
  return digest(`passkey ${id}`)
}

export function identityHandle({ issuer, subject }: IdentityKey): Handle {
  return digest(`identity ${JSON.stringify([issuer, subject])}`)
}

export function sessionHandle({ id }: Pick<Session, 'id'>): Handle {
  return digest(`session ${id}`)
}
