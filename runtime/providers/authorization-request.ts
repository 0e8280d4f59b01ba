import * as oidc from 'openid-client'

import { callbackUrl, type IdentityProviderConfig } from '../config.ts'
import { classify, FailedCheck } from './classify.ts'
import type { Clients } from './clients.ts'
import type { Connections } from './connection.ts'
import type { SignInChecks, SignInWishes } from './contract.ts'
import type { ProviderMetadata } from './metadata.ts'

/** A provider whose pushed requests fail without being required is spared them, and people the wait, for so long. */
const PUSH_PAUSE_MS = 5 * 60_000

/** Where to send the browser, with the checks for the way back. */
export type AuthorizationRequest = (
  loginUrl: string,
  wishes: SignInWishes,
) => Promise<{ url: URL; checks: SignInChecks }>

/**
 * Authorization requests of the code flow, with PKCE (S256, never `plain`) at every provider: most that do not announce it
 * understand it, and the others ignore it (RFC 7636 §5, RFC 9700 §2.1.1).
 *
 * They are pushed (RFC 9126) where the provider announces an address for that. Where it does not require it as well, a push that
 * fails is no reason to keep people out: the same request goes by the browser then, as it does at most providers.
 */
export function createAuthorizationRequest(
  id: string,
  config: IdentityProviderConfig,
  { metadata, connect }: Connections,
  clients: Clients,
): AuthorizationRequest {
  let pausedUntil = 0

  return async (loginUrl, wishes) => {
    const { clientId, proof } = clients.preferred
    const announced = await metadata()
    if (proof.kind === 'none') requirePkce(id, announced)
    const checks: SignInChecks = {
      clientId,
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      ...expectations(config, wishes),
    }
    const challenge = await oidc.calculatePKCECodeChallenge(checks.verifier)
    const parameters = requestParameters(config, { redirectUri: callbackUrl(loginUrl, id), checks, challenge, wishes })
    const isRequired = announced.require_pushed_authorization_requests === true
    const isPossible = announced.pushed_authorization_request_endpoint !== undefined
    if (isRequired || (isPossible && Date.now() >= pausedUntil)) {
      try {
        const url = await clients.call(clientId, (connection) =>
          oidc.buildAuthorizationUrlWithPAR(connection, parameters),
        )
        return { url, checks }
      } catch (error) {
        if (isRequired) throw classify(id, error)
        pausedUntil = Date.now() + PUSH_PAUSE_MS
      }
    }
    return { url: oidc.buildAuthorizationUrl(await connect(clients.preferred), parameters), checks }
  }
}

/** The parameters of one request; what the configuration adds gives way to what this sign-in needs. */
function requestParameters(
  { scopes, authorizationParameters, responseMode }: IdentityProviderConfig,
  { redirectUri, checks, challenge, wishes }: RequestParts,
): Record<string, string> {
  const { prompt, loginHint } = wishes
  const maxAge = checks.maxAgeSeconds ?? wishes.askedAgeSeconds
  return {
    ...authorizationParameters,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(responseMode === 'form_post' ? { response_mode: responseMode } : {}),
    ...(prompt === undefined ? {} : { prompt }),
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
    ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
    ...(checks.acrValues === undefined ? {} : { acr_values: checks.acrValues.join(' ') }),
  }
}

interface RequestParts {
  redirectUri: string
  checks: SignInChecks
  challenge: string
  wishes: SignInWishes
}

/**
 * What will be held against the answer. A `max_age` of the configuration must be (OpenID Connect Core §3.1.2.1), and the stricter
 * one counts; its `acr_values` are a wish alone (§5.5.1.1).
 */
function expectations(
  { authorizationParameters }: IdentityProviderConfig,
  { maxAgeSeconds, acrValues }: SignInWishes,
): Pick<SignInChecks, 'maxAgeSeconds' | 'acrValues'> {
  const configured = authorizationParameters['max_age']
  const ages = [
    maxAgeSeconds,
    configured !== undefined && /^\d{1,9}$/.test(configured) ? Number(configured) : undefined,
  ]
  const known = ages.filter((age) => age !== undefined)
  return {
    ...(known.length > 0 ? { maxAgeSeconds: Math.min(...known) } : {}),
    ...(acrValues === undefined ? {} : { acrValues: [...acrValues] }),
  }
}

/** A client without a credential has nothing but PKCE: a provider that says it does without is not used (RFC 9700 §2.1.1). */
function requirePkce(id: string, { code_challenge_methods_supported: methods }: ProviderMetadata): void {
  if (!methods || methods.includes('S256')) return
  const message = 'it announces PKCE without S256, and PKCE is all that this client has'
  throw classify(id, new FailedCheck('provider_answer_invalid', message))
}
