import type { JWK } from 'jose'
import * as z from 'zod'

import type { IdentityProviderConfig } from '../config.ts'
import type { Authentication, EndedAtProvider, IdentityKey, Person, Profile, Session } from '../store/index.ts'

/** One credential of a client that we are at a provider. */
export interface ClientCredential {
  /** Its name in the stack file; never a secret. */
  name: string
  clientId: string
  /** How we prove to be that client (OpenID Connect Core §9): a secret, a private key (P-256 or RSA), or PKCE alone. */
  proof: { kind: 'secret'; secret: string } | { kind: 'key'; jwk: JWK } | { kind: 'none' }
}

/** What we are registered with at one provider: the preferred credential first. */
export type ClientCredentials = readonly [ClientCredential, ...ClientCredential[]]

/** Whether a provider takes a credential of ours. `cannot-tell`: it said nothing about it. */
export interface CredentialVerdict {
  /** Of the credential, in the stack file. */
  name: string
  verdict: 'accepted' | 'refused' | 'cannot-tell'
  /** What the provider said, as far as it is safe to repeat. */
  said: string
}

/** What a sign-in is asked to be like (OpenID Connect Core §3.1.2.1). */
export interface SignInWishes {
  /** Ask for a credential even of somebody who is signed in there. */
  prompt?: 'login'
  /** Who it will probably be. */
  loginHint?: string
  /** The person is to have shown a credential at most so long ago; checked on the way back. */
  maxAgeSeconds?: number
  /** The same, asked and not checked: some providers (Google) never say when, and whoever asks judges what is said. */
  askedAgeSeconds?: number
  /** One of these authentication context classes, the preferred first; checked on the way back. */
  acrValues?: readonly string[]
}

/** Checked again after unsealing: a key may have outlived the shape. */
export const signInChecksSchema = z.strictObject({
  /** The client that asked: its code is for no other (RFC 6749 §4.1.3). */
  clientId: z.string(),
  state: z.string(),
  nonce: z.string(),
  /** PKCE code verifier (RFC 7636 §4.1). */
  verifier: z.string(),
  maxAgeSeconds: z.int().nonnegative().optional(),
  acrValues: z.array(z.string()).optional(),
})

/** What must be kept, by the browser alone, while the person is at the provider. */
export type SignInChecks = z.infer<typeof signInChecksSchema>

/** What the provider issued; it never leaves the store but sealed. */
export interface ProviderTokens {
  access: string
  refresh: string | undefined
  id: string
}

/** What a provider said about a person, every check passed. */
export interface SignInResult {
  /** The real issuer of the token: a tenant's at Entra's `common`. */
  issuer: string
  subject: string
  /** The provider's own session id, where it gave one. */
  sid: string | undefined
  /** `person.id` is of the identity alone, and `person.email` set where the provider's word for it counts. */
  person: Person
  /** By what this provider tells people apart (`subjectClaim`). */
  identity: IdentityKey
  /** The address that the provider says, in its one spelling, whatever its word for it counts; empty where it says none. */
  claimedEmail: string
  /** What the provider's `attributes` find in the claims. */
  profile: Profile
  authentication: Authentication
  tokens: ProviderTokens
  /** Milliseconds since 1970, by `expires_in`; undefined where the provider does not say. */
  accessExpiresAt: number | undefined
}

/** What came of asking a provider for new tokens. */
export type RefreshOutcome =
  | {
      outcome: 'renewed'
      person: Person
      authentication: Authentication
      tokens: ProviderTokens
      accessExpiresAt: number | undefined
    }
  /** The provider has ended it, or wants to see the person themselves. */
  | { outcome: 'revoked' }
  /** Nothing is said about the person: no answer, none that can be trusted, or our client was not taken. */
  | {
      outcome: 'unreachable'
      reason: string
      /** The refresh token is surely as good as before; left out where it may have been used up. */
      processed?: 'no'
    }

/** A provider's word that sessions have ended. */
export interface LogoutNotice {
  issuer: string
  who: EndedAtProvider
  jti: string
  /** Until when the `jti` must be remembered, milliseconds since 1970: later, the token is refused by its age. */
  expiresAt: number
}

/** One identity provider as this gateway is registered there. */
export interface Provider {
  readonly id: string
  readonly config: IdentityProviderConfig
  /** How people are read from claims by now: a session whose `person.readAs` is another must not be used before it is refreshed. */
  readonly readAs: string
  /**
   * @param loginUrl the brand's login host
   * @returns the address to send the browser to, and the checks for the way back. The parameters travel in the address, or
   *   ahead of it where the provider takes pushed requests (RFC 9126).
   */
  beginSignIn(loginUrl: string, wishes: SignInWishes): Promise<{ url: URL; checks: SignInChecks }>
  /**
   * Redeems the answer that came back to the callback, by the client that the sign-in began with, with all checks of OpenID Connect
   * Core §3.1.3.7, RFC 9207 and PKCE, and of what was wished for.
   * @param answer the callback's query (with or without its `?`), or its form where the response mode is `form_post`
   */
  finishSignIn(
    loginUrl: string,
    answer: { query: string } | { form: URLSearchParams },
    checks: SignInChecks,
  ): Promise<SignInResult>
  /**
   * Asks for new tokens, and who the person is by now. It never throws for what a provider does.
   * @param session what the session knows: a new ID token must be of the same issuer and subject (OpenID Connect Core §12.2)
   */
  refresh(
    tokens: ProviderTokens,
    session: Pick<Session, 'issuer' | 'subject' | 'person' | 'authentication'>,
  ): Promise<RefreshOutcome>
  /** @returns where to end the session at the provider (RP-Initiated Logout 1.0 §2), or nothing where it has no such address */
  endSessionUrl(loginUrl: string, subject: string): Promise<URL | undefined>
  /**
   * All checks of Back-Channel Logout 1.0 §2.6 but the replay of `jti`, which is the caller's.
   * @throws Refusal `logout_token_invalid`; `provider_unreachable`, `provider_answer_invalid` when its keys cannot be had
   */
  verifyLogoutToken(token: string): Promise<LogoutNotice>
  /** Shows each credential to the token endpoint, once; it never throws for what a provider does. @param loginUrl the brand's login host */
  showCredentials(loginUrl: string): Promise<readonly CredentialVerdict[]>
  /** Whether a session's issuer is this provider's: its tenants' at Entra's `common`. */
  isIssuer(issuer: string): boolean
}
