import * as oidc from 'openid-client'

import { callbackUrl, type IdentityProviderConfig, signedOutUrl } from '../config.ts'
import { Refusal } from '../refusal.ts'
import type { ProviderTokens } from '../sessions/index.ts'
import { createCodeExchange, type Redeemed, type SignInChecks } from './code-exchange.ts'
import { type ClientCredential, createConnect } from './connection.ts'

/** What a provider said about a person, every check passed. */
export interface SignInResult {
  claims: oidc.IDToken & Record<string, unknown>
  tokens: ProviderTokens
}

/** One identity provider as this gateway is registered there. */
export interface Provider {
  readonly id: string
  readonly config: IdentityProviderConfig
  /** @returns the address to send the browser to, and the checks for the way back; `prompt` as in OpenID Connect Core §3.1.2.1 */
  beginSignIn(loginUrl: string, prompt: 'login' | undefined): Promise<{ url: URL; checks: SignInChecks }>
  /**
   * Redeems the answer that came back in the callback's query, with all checks of OpenID Connect Core §3.1.3.7,
   * RFC 9207 and PKCE, by the client that the sign-in began with.
   */
  finishSignIn(loginUrl: string, query: string, checks: SignInChecks): Promise<SignInResult>
  /** @returns where to end the session at the provider (RP-Initiated Logout 1.0 §2), or nothing where it has no such address */
  endSessionUrl(loginUrl: string, subject: string): Promise<URL | undefined>
}

/** What we are registered with at one provider: the preferred credential first. */
export type ClientCredentials = readonly [ClientCredential, ...ClientCredential[]]

/**
 * A sign-in begins with the client of the first credential, and ends with the client that it began with.
 * @returns a provider whose methods throw Refusal: `provider_unreachable`, `provider_refused`, `provider_answer_invalid`,
 *   and `finishSignIn` also `request_malformed`, `sign_in_expired`
 */
export function createProvider(id: string, config: IdentityProviderConfig, credentials: ClientCredentials): Provider {
  const [preferred] = credentials
  const connect = createConnect(id, config)
  const redeem = createCodeExchange(id, connect, credentials)

  return {
    id,
    config,
    async beginSignIn(loginUrl, prompt) {
      const checks = {
        clientId: preferred.clientId,
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      }
      const url = oidc.buildAuthorizationUrl(await connect(preferred), {
        redirect_uri: callbackUrl(loginUrl, id),
        scope: config.scopes.join(' '),
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
        ...(prompt ? { prompt } : {}),
      })
      return { url, checks }
    },
    async finishSignIn(loginUrl, query, checks) {
      const answer = new URL(callbackUrl(loginUrl, id) + query)
      requireSingleParameters(answer)
      try {
        return await readAnswer(await redeem(answer, checks), config.groupsClaim)
      } catch (error) {
        throw classify(id, error)
      }
    },
    async endSessionUrl(loginUrl, subject) {
      // The client that the session began with may be gone by now; this one is registered with the same address.
      const connection = await connect(preferred)
      if (!connection.serverMetadata().end_session_endpoint) return undefined
      // No id_token_hint: a token does not belong into a URL.
      return oidc.buildEndSessionUrl(connection, {
        post_logout_redirect_uri: signedOutUrl(loginUrl),
        logout_hint: subject,
        state: id,
      })
    },
  }
}

/** Two values of one parameter could be read differently by two readers (RFC 6749 §3.1). */
function requireSingleParameters(answer: URL): void {
  const names = [...answer.searchParams.keys()]
  if (new Set(names).size !== names.length) {
    throw new Refusal('request_malformed', 'a parameter of the callback is there twice')
  }
}

async function readAnswer({ connection, tokens }: Redeemed, groupsClaim: string): Promise<SignInResult> {
  const claims = tokens.claims()
  const idToken = tokens.id_token
  if (!claims || !idToken) throw new Refusal('provider_answer_invalid', 'no ID token in the answer')
  return {
    claims: mergeClaims(claims, await readUserInfo(connection, tokens.access_token, claims, groupsClaim)),
    tokens: { access: tokens.access_token, refresh: tokens.refresh_token, id: idToken },
  }
}

/**
 * The ID token's word counts before userinfo's. An address and whether it is verified are one statement: they come from
 * the same document, or one could vouch for the other's address.
 */
function mergeClaims(idToken: oidc.IDToken, userinfo: Record<string, unknown>): SignInResult['claims'] {
  const source: Record<string, unknown> = 'email_verified' in idToken || !('email' in userinfo) ? idToken : userinfo
  const { email, email_verified } = source
  // Not Object.assign: a claim called `__proto__` would become what the others are inherited from.
  return { ...userinfo, ...idToken, email, email_verified } as SignInResult['claims']
}

/** Asked only for what the ID token left out; its subject must be the ID token's (OpenID Connect Core §5.3.2). */
async function readUserInfo(
  connection: oidc.Configuration,
  accessToken: string,
  claims: oidc.IDToken,
  groupsClaim: string,
) {
  const complete = ['email', 'email_verified', 'name', groupsClaim].every((name) => Object.hasOwn(claims, name))
  if (complete || !connection.serverMetadata().userinfo_endpoint) return {}
  return oidc.fetchUserInfo(connection, accessToken, claims.sub)
}

function classify(id: string, error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof oidc.AuthorizationResponseError) {
    return new Refusal('provider_refused', `${id} answered ${error.error}`, { cause: error })
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const isNetworkError = error instanceof TypeError && error.cause instanceof Error
  if (isNetworkError || code === 'OAUTH_TIMEOUT') {
    return new Refusal('provider_unreachable', `${id} could not be asked`, { cause: error })
  }
  return new Refusal('provider_answer_invalid', `the answer of ${id} did not pass the checks (${code})`, {
    cause: error,
  })
}
