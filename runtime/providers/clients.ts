import * as oidc from 'openid-client'

import { Refusal } from '../refusal.ts'
import type { ClientCredential, ClientCredentials } from './contract.ts'
import type { Connections } from './connection.ts'

/** The clients that we are at one provider, each with the credentials that it has at the moment. */
export interface Clients {
  /** New sign-ins begin with this client. */
  readonly preferred: ClientCredential
  readonly ids: readonly string[]
  /**
   * Makes one authenticated call, also while one credential takes over from another: the next one of the same client is
   * tried when the provider does not take one. What worked is tried first from then on, so that no later call pays for it.
   * @throws Refusal `sign_in_expired` when the client is none of ours any more, `client_refused` when none of its credentials is
   *   taken; and what the call throws
   */
  call<T>(clientId: string, call: (connection: oidc.Configuration) => Promise<T>): Promise<T>
}

/** @param id of the provider, for messages */
export function createClients(
  id: string,
  { connect }: Pick<Connections, 'connect'>,
  credentials: ClientCredentials,
): Clients {
  const clients = Map.groupBy(credentials, ({ clientId }) => clientId)

  return {
    preferred: credentials[0],
    ids: [...clients.keys()],
    async call(clientId, call) {
      const known = clients.get(clientId)
      if (!known) throw new Refusal('sign_in_expired', `the sign-in began with a client of ${id} that is gone by now`)
      let cause: unknown
      for (const credential of known) {
        const connection = await connect(credential)
        try {
          const result = await call(connection)
          if (credential !== known[0]) clients.set(clientId, preferring(credential, known))
          return result
        } catch (error) {
          if (!isClientRefused(error)) throw error
          cause = error
        }
      }
      const tried = known.map(({ name }) => name).join(', ')
      throw new Refusal('client_refused', `${id} takes none of our client credentials (tried: ${tried})`, { cause })
    },
  }
}

function preferring(credential: ClientCredential, all: readonly ClientCredential[]): ClientCredential[] {
  return [credential, ...all.filter((other) => other !== credential)]
}

/**
 * Whether we were not known, so that what we brought is still good. RFC 6749 §5.2 calls that `invalid_client`; the
 * vendors that have one secret at a time call it otherwise, always with 401: `unauthorized_client` (Keycloak),
 * `access_denied` (Auth0). An answer with a challenge has 401 too (RFC 9110 §11.6.1). `invalid_grant` is about the grant, whatever
 * its status.
 */
function isClientRefused(error: unknown): boolean {
  if (error instanceof oidc.WWWAuthenticateChallengeError) return error.status === 401
  if (!(error instanceof oidc.ResponseBodyError) || error.error === 'invalid_grant') return false
  return error.status === 401 || error.error === 'invalid_client'
}
