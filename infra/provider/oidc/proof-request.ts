import { randomBytes } from 'node:crypto'

import { ProviderError } from '../errors.ts'
import { type Pause, type RestAnswer, restRequest } from '../rest.ts'
import { ASSERTION_TYPE, signAssertion } from './client-assertion.ts'
import { discover } from './discovery.ts'
import type { ProofGrant } from './proof-answer.ts'
import { isSafeUrl } from './schema.ts'

/** Ways in which a client shows a credential (OpenID Connect Core 1.0 §9). */
export const SHOWN_BY = ['client_secret_post', 'client_secret_basic', 'private_key_jwt'] as const
export type ShownBy = (typeof SHOWN_BY)[number]

/** A client's credential, and how it is shown. */
export interface ShownCredential {
  issuer: string
  clientId: string
  /** The secret, or for `private_key_jwt` the private key as a JWK in JSON. */
  clientSecret: string
  authMethod: ShownBy
  redirectUri: string
  /** Where tokens are given out, at an issuer without a discovery document. */
  tokenEndpoint?: string | undefined
}

/**
 * Finds where tokens are given out.
 * @throws ProviderError `discovery_failed`, `issuer_mismatch`, `unreachable`
 */
export async function findTokenEndpoint(
  { issuer, tokenEndpoint }: Pick<ShownCredential, 'issuer' | 'tokenEndpoint'>,
  signal: AbortSignal,
  pause?: Pause,
): Promise<string> {
  if (tokenEndpoint !== undefined) return tokenEndpoint
  const { url, document } = await discover(issuer, signal, pause)
  const endpoint = document.token_endpoint
  if (endpoint !== undefined && isSafeUrl(endpoint)) return endpoint
  const why = endpoint === undefined ? 'names no token_endpoint' : 'has a token_endpoint without TLS'
  throw new ProviderError('discovery_failed', `${url} ${why}: check the issuer`)
}

/**
 * Shows the credential to the server, once, with a grant that gives nothing: a code that nobody gave out.
 * @throws ProviderError `unreachable`
 */
export async function showCredential(
  endpoint: string,
  credential: ShownCredential,
  grant: ProofGrant,
  signal: AbortSignal,
  pause?: Pause,
): Promise<RestAnswer> {
  const body = await tokenRequest(credential, grant)
  const headers: Record<string, string> = {}
  if (credential.authMethod === 'client_secret_basic') headers['authorization'] = basic(credential)
  const secrets = [credential.clientSecret, headers['authorization'], body.get('client_assertion')]
  return restRequest({ method: 'POST', url: endpoint, headers, body, signal, secrets }, pause)
}

/** The request's form (RFC 6749 §4.1.3, §4.4.2; RFC 7636 §4.5 for servers that insist on it). */
export async function tokenRequest(credential: ShownCredential, grant: ProofGrant): Promise<URLSearchParams> {
  const { clientId, clientSecret, authMethod, redirectUri, issuer } = credential
  const made = () => randomBytes(32).toString('base64url')
  const form = new URLSearchParams(
    grant === 'code'
      ? { grant_type: 'authorization_code', code: made(), code_verifier: made(), redirect_uri: redirectUri }
      : // For itself: the one scope that Entra has for every client.
        { grant_type: 'client_credentials', scope: `${clientId}/.default` },
  )
  if (authMethod === 'client_secret_post') {
    form.set('client_id', clientId)
    form.set('client_secret', clientSecret)
  }
  if (authMethod === 'private_key_jwt') {
    form.set('client_id', clientId)
    form.set('client_assertion_type', ASSERTION_TYPE)
    form.set('client_assertion', await signAssertion(clientSecret, clientId, issuer))
  }
  return form
}

/** RFC 6749 §2.3.1: both parts are form-encoded first. */
function basic({ clientId, clientSecret }: ShownCredential): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`
}
