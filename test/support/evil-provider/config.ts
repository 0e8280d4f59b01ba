import type { IdentityProviderConfig } from '../../../runtime/config.ts'
import {
  type ClientCredential,
  createProvider,
  type Provider,
  type SignInWishes,
} from '../../../runtime/providers/index.ts'
import { providerDefaults } from '../release.ts'

export const LOGIN_URL = 'https://login.acme.example'
export const SECRET = 'client-secret-value-first'
export const CREDENTIAL: ClientCredential = {
  name: 'first',
  clientId: 'gateway-client',
  proof: { kind: 'secret', secret: SECRET },
}

/** A provider's configuration as the runtime is given it. */
export function providerConfig(issuer: string, change: Partial<IdentityProviderConfig> = {}): IdentityProviderConfig {
  return {
    ...providerDefaults,
    name: 'Acme',
    buttonText: 'Login with Acme',
    issuer,
    authMethod: 'client_secret_post',
    scopes: ['openid', 'profile', 'email', 'groups'],
    authorizationParameters: {},
    responseMode: 'query',
    emailTrust: 'verify-with-claim',
    groupsClaim: 'groups',
    allowedDomains: [],
    allowPrivateAddresses: false,
    claims: [],
    ...change,
  }
}

/** @returns the relying party under test, as the gateway makes it */
export function relyingParty(
  issuer: string,
  change: Partial<IdentityProviderConfig> = {},
  timeoutMs?: number,
): Provider {
  const options = timeoutMs === undefined ? {} : { timeoutMs }
  return createProvider('acme', providerConfig(issuer, change), [CREDENTIAL], options)
}

/** Does what a browser does at an authorization endpoint that asks nobody anything. @returns the callback's address */
export async function visit(url: URL): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' })
  const location = response.headers.get('location')
  if (!location) throw new Error(`the authorization endpoint answered ${response.status}: ${await response.text()}`)
  return new URL(location)
}

/** A whole sign-in, as the gateway makes one. */
export async function signInAt(provider: Provider, wishes: SignInWishes = {}) {
  const { url, checks } = await provider.beginSignIn(LOGIN_URL, wishes)
  const callback = await visit(url)
  return provider.finishSignIn(LOGIN_URL, { query: callback.search }, checks)
}
