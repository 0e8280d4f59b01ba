import * as oidc from 'openid-client'

import { type IdentityProviderConfig, signedOutUrl } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { createAuthorizationRequest } from './authorization-request.ts'
import { classify } from './classify.ts'
import { requireUsable } from './client-authentication.ts'
import { createClients } from './clients.ts'
import { createCodeExchange } from './code-exchange.ts'
import { createConnections } from './connection.ts'
import type { ClientCredentials, Provider } from './contract.ts'
import { createCredentialCheck } from './credential-check.ts'
import { createIssuerRule } from './issuer.ts'
import { createLogoutTokenCheck } from './logout-token.ts'
import { readAsOf } from './read-as.ts'
import { createRefresh } from './refresh.ts'
import { createTransport } from './transport.ts'

/** Bounds that a test makes smaller. */
export interface ProviderOptions {
  /** How long one call to the provider may take at most; ten seconds unless given, which is also the most. */
  timeoutMs?: number
}

/**
 * A sign-in begins with the client of the first credential, and ends with the client that it began with.
 * @param credentials the preferred one first
 * @returns a provider whose methods throw Refusal: `provider_unreachable`, `provider_answer_invalid`, `client_refused`; `beginSignIn`
 *   and `finishSignIn` also `sign_in_expired` where the provider is disabled; `finishSignIn` also `request_malformed`, `sign_in_expired`, `provider_refused`, `clock_skew`, `step_up_failed`, `groups_incomplete`
 * @throws TypeError when a credential can be none, RangeError when there are tenants at an issuer of one
 */
export function createProvider(
  id: string,
  config: IdentityProviderConfig,
  credentials: ClientCredentials,
  { timeoutMs }: ProviderOptions = {},
): Provider {
  for (const credential of credentials) requireUsable(credential)
  const rule = createIssuerRule(config)
  const connections = createConnections(id, config, rule, createTransport(config, timeoutMs))
  const { connect, keys } = connections
  const clients = createClients(id, connections, credentials)
  const exchangeCode = createCodeExchange({ id, config, clients, rule, keys })
  const begin = createAuthorizationRequest(id, config, connections, clients)

  return {
    id,
    config,
    readAs: readAsOf(config),
    async beginSignIn(loginUrl, wishes) {
      requireEnabled(id, config)
      return begin(loginUrl, wishes)
    },
    async finishSignIn(loginUrl, answer, checks) {
      try {
        requireEnabled(id, config)
        return await exchangeCode(loginUrl, answer, checks)
      } catch (error) {
        throw classify(id, error)
      }
    },
    refresh: createRefresh({ id, config, clients, rule, keys }),
    async endSessionUrl(loginUrl, subject) {
      // The client that the session began with may be gone by now; this one is registered with the same address.
      const connection = await connect(clients.preferred)
      if (!connection.serverMetadata().end_session_endpoint) return undefined
      // No id_token_hint: a token does not belong into a URL.
      return oidc.buildEndSessionUrl(connection, {
        post_logout_redirect_uri: signedOutUrl(loginUrl),
        logout_hint: subject,
        state: id,
      })
    },
    verifyLogoutToken: createLogoutTokenCheck(id, rule, keys, clients.ids),
    showCredentials: createCredentialCheck(id, connections, credentials),
    isIssuer: rule.isIssuer,
  }
}

/** Also for whoever was on the way there when it was disabled. */
function requireEnabled(id: string, { enabled }: Pick<IdentityProviderConfig, 'enabled'>): void {
  if (!enabled) throw new Refusal('sign_in_expired', `${id} is disabled`, { retry: '/sign-in' })
}
