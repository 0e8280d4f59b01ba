import type { RefusedAnswer } from '../refusal.ts'

/**
 * What a client shows its secret with: `code` is the grant that it has, with a code that nobody gave out; `client` is
 * the one that needs nothing but the secret.
 */
export type ProofGrant = 'code' | 'client'

/**
 * `accepted`: the server took the client's secret, whatever it thought of the rest. `refused`: it did not, or not yet.
 * `undecided`: it may have judged the rest before the secret. `unanswered`: that was no token endpoint's word on it.
 */
export type Verdict = 'accepted' | 'refused' | 'undecided' | 'unanswered'

/** Errors with which servers say that they do not know the client, or not with this secret, whatever the status. */
const aboutTheClient = new Set(['invalid_client', 'unauthorized_client'])

/**
 * Tells from the answer to a token request with a made-up code whether the client's secret is good.
 *
 * A good secret is answered with 400 `invalid_grant` (RFC 6749 §5.2; Okta, Keycloak, PingOne, Google) or 403
 * `invalid_grant` (Auth0), a bad one with 401: `invalid_client` (Okta, PingOne, Google, Entra's AADSTS7000215),
 * `access_denied` (Auth0), `unauthorized_client` (Keycloak). Entra answers 400 `unauthorized_client` as long as the
 * application has not reached all of its servers (AADSTS700016, AADSTS7000229). Pocket ID below 2.14 writes a sentence
 * in place of a code, always with 400. Entra may refuse a made-up code before it looks at the secret (AADSTS9002313):
 * its other answers count only for the `client` grant.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 */
export function judgeAnswer(grant: ProofGrant, { status, body }: RefusedAnswer): Verdict {
  if (status === 429 || status >= 500) return 'unanswered'
  const { error, error_description: description, access_token: token } = (body ?? {}) as Record<string, unknown>
  if (status === 401) return 'refused'
  if (typeof error !== 'string') return status === 200 && typeof token === 'string' ? 'accepted' : 'unanswered'
  if (aboutTheClient.has(error) || /\bclient\b/i.test(error)) return 'refused'
  if (status !== 400 && status !== 403) return 'unanswered'
  const isEntra = typeof description === 'string' && description.startsWith('AADSTS')
  return isEntra && grant === 'code' ? 'undecided' : 'accepted'
}
