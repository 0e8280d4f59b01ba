import * as oidc from 'openid-client'

import { callbackUrl, type IdentityProviderConfig, signedOutUrl } from '../config.ts'
import { isLoopbackHost } from '../net/index.ts'
import { boundedFetch } from '../outbound/index.ts'
import { Refusal } from '../refusal.ts'
import type { ProviderTokens } from '../sessions/index.ts'

/** What the browser's cookie keeps while the person is at the provider. */
export interface SignInChecks {
  state: string
  nonce: string
  /** PKCE code verifier (RFC 7636 §4.1). */
  verifier: string
}

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
   * RFC 9207 and PKCE.
   */
  finishSignIn(loginUrl: string, query: string, checks: SignInChecks): Promise<SignInResult>
  /** @returns where to end the session at the provider (RP-Initiated Logout 1.0 §2), or nothing where it has no such address */
  endSessionUrl(loginUrl: string, subject: string): Promise<URL | undefined>
}

/** Registered client id and secret. */
export interface ClientCredential {
  clientId: string
  clientSecret: string
}

/**
 * Discovery happens at the first use, is kept, and is tried again after a failure: an unreachable provider never
 * stops the gateway from starting.
 * @returns a provider whose methods throw Refusal: `provider_unreachable`, `provider_refused`, `provider_answer_invalid`
 */
export function createProvider(id: string, config: IdentityProviderConfig, credential: ClientCredential): Provider {
  let discovered: Promise<oidc.Configuration> | undefined

  function client(): Promise<oidc.Configuration> {
    discovered ??= discover(config, credential).catch((cause: unknown) => {
      discovered = undefined
      throw new Refusal('provider_unreachable', `discovery of ${id} at ${config.issuer} failed`, { cause })
    })
    return discovered
  }

  return {
    id,
    config,
    async beginSignIn(loginUrl, prompt) {
      const checks = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() }
      const url = oidc.buildAuthorizationUrl(await client(), {
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
      const connection = await client()
      try {
        const tokens = await oidc.authorizationCodeGrant(connection, answer, {
          pkceCodeVerifier: checks.verifier,
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          idTokenExpected: true,
        })
        return await readAnswer(connection, tokens)
      } catch (error) {
        throw classify(id, error)
      }
    },
    async endSessionUrl(loginUrl, subject) {
      const connection = await client()
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

async function discover(config: IdentityProviderConfig, { clientId, clientSecret }: ClientCredential) {
  const issuer = new URL(config.issuer)
  const authentication =
    config.authMethod === 'client_secret_basic'
      ? oidc.ClientSecretBasic(clientSecret)
      : oidc.ClientSecretPost(clientSecret)
  const execute = [oidc.enableNonRepudiationChecks]
  if (issuer.protocol === 'http:' && isLoopbackHost(issuer.hostname)) execute.push(oidc.allowInsecureRequests)
  return oidc.discovery(issuer, clientId, undefined, authentication, {
    execute,
    timeout: 10,
    [oidc.customFetch]: (url, options) => boundedFetch(url, options),
  })
}

/** Two values of one parameter could be read differently by two readers (RFC 6749 §3.1). */
function requireSingleParameters(answer: URL): void {
  const names = [...answer.searchParams.keys()]
  if (new Set(names).size !== names.length) {
    throw new Refusal('request_malformed', 'a parameter of the callback is there twice')
  }
}

async function readAnswer(
  connection: oidc.Configuration,
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
): Promise<SignInResult> {
  const claims = tokens.claims()
  const idToken = tokens.id_token
  if (!claims || !idToken) throw new Refusal('provider_answer_invalid', 'no ID token in the answer')
  return {
    claims: mergeClaims(claims, await readUserInfo(connection, tokens.access_token, claims)),
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
  return Object.assign({}, userinfo, idToken, { email, email_verified })
}

/** Asked only for what the ID token left out; its subject must be the ID token's (OpenID Connect Core §5.3.2). */
async function readUserInfo(connection: oidc.Configuration, accessToken: string, claims: oidc.IDToken) {
  const complete = ['email', 'email_verified', 'name', 'groups'].every((name) => name in claims)
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
