import * as z from 'zod'

import { image, issuerIdentifier, lifetimes, safeUrl } from './fields.ts'

/** How we show a provider's token endpoint that we are the client (OpenID Connect Core §9); `none` is PKCE alone. */
export const AUTH_METHODS = ['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'] as const

/** What we set ourselves in an authorization request, and nobody else (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1). */
const OWN_PARAMETERS = new Set(
  [
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'request',
    'request_uri',
  ].concat('code_challenge', 'code_challenge_method'),
)

/** Sent along to a provider's authorization endpoint: `prompt`, `hd`, `domain_hint`, `acr_values`… */
export const authorizationParameters = z.record(
  z.string().refine((name) => !OWN_PARAMETERS.has(name), 'this parameter is the gateway’s own'),
  z.string(),
)

/** Addresses of a provider that has no discovery document. */
export const endpoints = z.strictObject({
  authorization: safeUrl(),
  token: safeUrl(),
  jwks: safeUrl(),
  userinfo: safeUrl().optional(),
  endSession: safeUrl().optional(),
})

/** Fields of a person's profile that claims are mapped to. */
export const PROFILE_FIELDS = ['username', 'email', 'name', 'picture', 'website', 'company', 'location'] as const
export type ProfileField = (typeof PROFILE_FIELDS)[number]

/** Where a profile field comes from: a claim (`address.locality` for one inside another), and what stands there without it. */
const attribute = z.strictObject({ claim: z.string().min(1), default: z.string().optional() })

/** What an identity provider is, apart from the credential that we hold there. */
export const identityProvider = z.strictObject({
  /** Which vendor's it is, as the stack file says; shown to administrators. */
  kind: z.string(),
  /** Shown to people. */
  name: z.string(),
  /** Notes for administrators. */
  description: z.string().optional(),
  /** People are not offered one that is not, and nothing that it says counts. */
  enabled: z.boolean(),
  buttonText: z.string(),
  logo: image.optional(),
  /** The issuer identifier, exactly as its discovery document says it (OpenID Connect Discovery 1.0 §4.3). */
  issuer: issuerIdentifier,
  /**
   * Ids of the Entra tenants whose people may sign in, where `issuer` is Entra's `common` or `organizations`: tokens name the
   * issuer of their own tenant.
   */
  tenants: z.array(z.guid()).min(1).optional(),
  /** Nothing is discovered where they are given. */
  endpoints: endpoints.optional(),
  authMethod: z.enum(AUTH_METHODS),
  scopes: z.array(z.string()),
  authorizationParameters,
  responseMode: z.enum(['query', 'form_post']),
  /** Whose word counts for an address: the claim `email_verified`, the provider always, or a mail of ours always. */
  emailTrust: z.enum(['verify-with-claim', 'trust-idp', 'always-verify']),
  /** Who has no account yet gets one (`auto`), or is refused (`match-only`). */
  provisioning: z.enum(['auto', 'match-only']),
  /** Whether a person whose verified address is an existing account's may join it, after signing in to that one too. */
  linking: z.enum(['deny', 'confirm']),
  /** Where the account's profile fields come from. */
  attributes: z.strictObject(
    Object.fromEntries(PROFILE_FIELDS.map((field) => [field, attribute])) as Record<ProfileField, typeof attribute>,
  ),
  /** The claim that tells people apart at this provider: `sub`, or `oid` at Entra, where `sub` is another for each client. */
  subjectClaim: z.enum(['sub', 'oid']),
  /** The claim that has the groups: `groups`, unless the provider keeps that name to itself. */
  groupsClaim: z.string().min(1),
  /** Only people with a verified address of these domains may sign in; empty means any. */
  allowedDomains: z.array(z.string()),
  /** Its keys may lie on this machine or in a private network, and its addresses lead there. */
  allowPrivateAddresses: z.boolean(),
  /** Claims that are kept with a session beside the usual ones, for rules and apps. */
  claims: z.array(z.string().min(1)),
  session: lifetimes.optional(),
})
