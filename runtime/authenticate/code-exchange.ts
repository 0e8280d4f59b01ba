import * as oidc from 'openid-client'

import { Refusal } from '../refusal.ts'
import type { ClientCredential, Connect } from './connection.ts'

/** What the browser's cookie keeps while the person is at the provider. */
export interface SignInChecks {
  /** The client that asked: its code is for no other (RFC 6749 §4.1.3). */
  clientId: string
  state: string
  nonce: string
  /** PKCE code verifier (RFC 7636 §4.1). */
  verifier: string
}

/** What a code was redeemed for, and the connection to ask more with. */
export interface Redeemed {
  connection: oidc.Configuration
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers
}

/** @param answer the callback's address with its query, as it came */
export type CodeExchange = (answer: URL, checks: SignInChecks) => Promise<Redeemed>

/**
 * Redeems codes, also while one client secret takes over from another. The next credential of the same client is tried
 * when the provider does not take one; what worked is tried first from then on, so that no later sign-in pays for it.
 * @param id of the provider, for messages
 * @param credentials the preferred one first
 * @returns a function that throws what openid-client throws, and Refusal: `sign_in_expired` when the client is none of
 *   ours any more, `provider_answer_invalid` when none of its credentials is taken, `provider_unreachable`
 */
export function createCodeExchange(
  id: string,
  connect: Connect,
  credentials: readonly ClientCredential[],
): CodeExchange {
  const clients = Map.groupBy(credentials, ({ clientId }) => clientId)

  return async (answer, checks) => {
    const known = clients.get(checks.clientId)
    if (!known) throw new Refusal('sign_in_expired', `the sign-in began with a client of ${id} that is gone by now`)
    let cause: unknown
    for (const credential of known) {
      const connection = await connect(credential)
      try {
        const tokens = await grant(connection, answer, checks)
        if (credential !== known[0]) clients.set(checks.clientId, preferring(credential, known))
        return { connection, tokens }
      } catch (error) {
        if (!isClientRefused(error)) throw error
        await discardBody(error)
        cause = error
      }
    }
    const tried = known.map(({ name }) => name).join(', ')
    throw new Refusal('provider_answer_invalid', `${id} takes none of our client secrets (tried: ${tried})`, { cause })
  }
}

function grant(connection: oidc.Configuration, answer: URL, checks: SignInChecks) {
  return oidc.authorizationCodeGrant(connection, answer, {
    pkceCodeVerifier: checks.verifier,
    expectedState: checks.state,
    expectedNonce: checks.nonce,
    idTokenExpected: true,
  })
}

function preferring(credential: ClientCredential, all: readonly ClientCredential[]): ClientCredential[] {
  return [credential, ...all.filter((other) => other !== credential)]
}

/**
 * Whether the token endpoint did not know us, so that the code is still good. RFC 6749 §5.2 calls that `invalid_client`;
 * the vendors that have one secret at a time call it otherwise, always with 401: `unauthorized_client` (Keycloak),
 * `access_denied` (Auth0). An answer with a challenge has 401 too (RFC 9110 §11.6.1).
 */
function isClientRefused(error: unknown): error is oidc.ResponseBodyError | oidc.WWWAuthenticateChallengeError {
  if (error instanceof oidc.WWWAuthenticateChallengeError) return error.status === 401
  return error instanceof oidc.ResponseBodyError && (error.status === 401 || error.error === 'invalid_client')
}

/** A body that nobody reads would keep its connection. */
async function discardBody({ response }: oidc.ResponseBodyError | oidc.WWWAuthenticateChallengeError): Promise<void> {
  if (!response.bodyUsed) await response.body?.cancel()
}
