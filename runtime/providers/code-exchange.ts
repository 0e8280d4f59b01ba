import { decodeProtectedHeader } from 'jose'
import * as oidc from 'openid-client'

import { callbackUrl, type IdentityProviderConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { readProfile } from './attributes.ts'
import { checkIdToken, checkStepUp, isComplete, mergeClaims, readAuthentication, readSid } from './claims.ts'
import { FailedCheck } from './classify.ts'
import type { Clients } from './clients.ts'
import type { Provider, SignInChecks, SignInResult } from './contract.ts'
import { identityOf } from './identity.ts'
import type { IssuerRule } from './issuer.ts'
import type { KeySource } from './keys.ts'
import { claimedEmail, personFromClaims } from './person.ts'
import { readUserInfo } from './userinfo.ts'

/** What a grant is judged by. */
export interface GrantContext {
  id: string
  config: IdentityProviderConfig
  clients: Clients
  rule: IssuerRule
  keys: KeySource
}

/** What the token endpoint gave, and the connection to ask more with. */
export interface Granted {
  connection: oidc.Configuration
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers
}

/** Longer than any token lives, so that a number without sense makes no time without one. */
const MAX_LIFETIME_SECONDS = 10 * 365 * 86_400
/** When somebody signed in of whom that is not said: they are asked anew wherever it matters. */
const NEVER = 0

/**
 * Redeems the code that a browser brought.
 * @throws what openid-client throws, FailedCheck, and Refusal `request_malformed`, `sign_in_expired`, `client_refused`
 */
export function createCodeExchange(context: GrantContext): Provider['finishSignIn'] {
  return async (loginUrl, answer, checks) => {
    const callback = new URL(callbackUrl(loginUrl, context.id))
    callback.search = 'query' in answer ? answer.query : answer.form.toString()
    requireSingleParameters(callback)
    const { connection, tokens } = await context.clients.call(checks.clientId, async (client) => ({
      connection: client,
      tokens: await grant(client, callback, checks),
    }))
    const claims = readIdToken(context, { connection, tokens }, checks.clientId)
    if (!claims || !tokens.id_token) throw new FailedCheck('provider_answer_invalid', 'no ID token in the answer')
    checkStepUp(claims, checks, Date.now())
    const more = isComplete(claims, context.config, 'profile')
      ? {}
      : await readUserInfo(connection, tokens.access_token, claims.sub)
    const merged = mergeClaims(claims, more ?? {})
    return {
      issuer: claims.iss,
      subject: claims.sub,
      sid: readSid(claims),
      person: personFromClaims(merged, context.config, claims.iss),
      identity: identityOf(claims, context.config, claims.iss),
      claimedEmail: claimedEmail(merged, context.config),
      profile: readProfile(merged, context.config),
      authentication: readAuthentication(claims, Date.now(), NEVER),
      tokens: { access: tokens.access_token, refresh: tokens.refresh_token, id: tokens.id_token },
      accessExpiresAt: accessExpiry(tokens.expires_in),
    } satisfies SignInResult
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

/** Two values of one parameter could be read differently by two readers (RFC 6749 §3.1). */
function requireSingleParameters(answer: URL): void {
  const names = [...answer.searchParams.keys()]
  if (new Set(names).size !== names.length) {
    throw new Refusal('request_malformed', 'a parameter of the callback is there twice')
  }
}

/**
 * The claims of a grant's ID token, with the checks that openid-client leaves to us.
 * @returns nothing where the grant has no ID token
 * @throws FailedCheck
 */
export function readIdToken(
  { rule, keys }: Pick<GrantContext, 'rule' | 'keys'>,
  { connection, tokens }: Granted,
  clientId: string,
): oidc.IDToken | undefined {
  const claims = tokens.claims()
  const jwt = tokens.id_token
  if (!claims || jwt === undefined) return undefined
  checkIdToken({ claims, jwt, accessToken: tokens.access_token, clientId }, Date.now())
  // The very set that the signature was checked with, where openid-client says which one that was.
  const used = oidc.getJwksCache(connection)?.jwks.keys ?? keys.held()
  rule.check(claims, decodeProtectedHeader(jwt).kid, used as readonly Record<string, unknown>[])
  return claims
}

/** @returns milliseconds since 1970, or nothing where the provider does not say (RFC 6749 §5.1) */
export function accessExpiry(expiresIn: number | undefined): number | undefined {
  return expiresIn === undefined ? undefined : Date.now() + Math.min(expiresIn, MAX_LIFETIME_SECONDS) * 1_000
}
