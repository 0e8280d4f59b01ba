import { z } from 'zod'

import { isLoopbackHost } from './net/index.ts'

/** Keys of maps in the stack file: they stand in URLs, file names and resource names. */
export const identifier = z
  .string()
  .regex(/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'use lowercase letters, digits and dashes, starting with a letter')

/** `scheme://host[:port]` and nothing else, spelled as `URL.origin` spells it. */
export const origin = z.string().refine(isOrigin, 'write it as scheme://host or scheme://host:port, without a path')

const SAFE_URL_ADVICE = 'use https; plain http is only for hosts on this machine (localhost and *.localhost)'

/**
 * An issuer identifier: https (http on this machine alone), without query or fragment, and never the discovery address,
 * with which the issuer's check would be skipped.
 */
export const issuerIdentifier = z
  .url({ protocol: /^https?$/ })
  .refine(isSafe, SAFE_URL_ADVICE)
  .refine((url) => !/[?#]|\/\.well-known\//.test(url), 'write the issuer itself, without ?, # or /.well-known/…')

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

/** How long a session may lie idle, and how long it may live at all. Where several say so, the shortest counts. */
const lifetimes = z.strictObject({
  idleSeconds: z.int().positive().optional(),
  absoluteSeconds: z.int().positive().optional(),
})

const address = z.strictObject({ host: z.string(), port: z.int().min(1).max(65_535) })

/** What an identity provider is, apart from the credential that we hold there. */
const identityProvider = z.strictObject({
  /** Shown to people. */
  name: z.string(),
  buttonText: z.string(),
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
  emailTrust: z.enum(['verify-with-claim', 'trust-idp']),
  /** The claim that has the groups: `groups`, unless the provider keeps that name to itself. */
  groupsClaim: z.string().min(1),
  /** `user.email` is set only for these domains; empty means any. */
  allowedDomains: z.array(z.string()),
  /** Its keys may lie on this machine or in a private network, and its addresses lead there. */
  allowPrivateAddresses: z.boolean(),
  session: lifetimes.optional(),
})

/** Who may pass: everybody (with the reason why), or people for whom the CEL expression is true. */
const access = z.union([z.strictObject({ public: z.string() }), z.strictObject({ allow: z.string() })])

const route = z.strictObject({
  brand: identifier,
  from: origin,
  to: origin,
  access,
  /** Only sessions of these providers count here. */
  identityProviders: z.array(identifier),
  /** Origins that may open a WebSocket; the route's own is always among them. */
  websocketOrigins: z.array(origin),
  /** `%2F` and `//` in paths are passed on as they are instead of being refused. */
  allowEncodedSlash: z.boolean(),
  /** What a sign-in must have been like; whose was not is asked to sign in again (OpenID Connect Core §3.1.2.1). */
  signIn: z
    .strictObject({
      /** The person has shown a credential at most so long ago. */
      maxAgeSeconds: z.int().positive().optional(),
      /** One of these authentication context classes. */
      acr: z.array(z.string().min(1)).min(1).optional(),
    })
    .optional(),
  /** Bearer tokens (RFC 6750) of these issuers are taken beside sessions; `audience` is what their `aud` must have. */
  bearer: z.array(z.strictObject({ tokenIssuer: identifier, audience: z.string().min(1) })),
})

/** Who issues JWT access tokens to programs (RFC 9068). */
const tokenIssuer = z.strictObject({
  issuer: issuerIdentifier,
  /** Found by discovery where it is left out. */
  jwks: safeUrl().optional(),
  groupsClaim: z.string().min(1),
  allowPrivateAddresses: z.boolean(),
})

/** A program with tokens of ours. */
const serviceAccount = z.strictObject({
  name: z.string(),
  groups: z.array(z.string()),
  routes: z.array(identifier),
  /** `hash` is SHA-256 of the whole token, base64url; `expiresAt` in milliseconds since 1970. */
  tokens: z.array(z.strictObject({ name: identifier, hash: z.string().length(43), expiresAt: z.int().positive() })),
})

const brand = z.strictObject({
  name: z.string(),
  /** The brand's login host: its authenticate service. */
  url: origin,
  identityProviders: z.array(identifier),
  session: lifetimes.optional(),
})

/**
 * All that the runtime is told, except secrets: those are files in the secrets folder, named
 * `client-secret.<identity provider>.<credential>` (for `private_key_jwt` a private JWK, for `none` there is no file),
 * `signing-key.<name>` (a private JWK, ES256), `sealing-key.<name>` (32 bytes, base64url) and, for a store in Postgres, `database-url`.
 */
export const runtimeConfigSchema = z
  .strictObject({
    version: z.literal(1),
    listen: address,
    /** Liveness and readiness; never the public port. */
    admin: address,
    /** Where sessions are kept: a file of this process, or a database that replicas share. */
    store: z.enum(['sqlite', 'postgres']),
    /** Networks (CIDR) of the proxies in front, whose X-Forwarded-For counts; without one, the peer is the client. */
    trustedProxies: z.array(z.union([z.cidrv4(), z.cidrv6()])),
    session: z.strictObject({
      idleSeconds: z.int().positive(),
      absoluteSeconds: z.int().positive(),
      /** How long a session lives on when its provider could not be asked for new tokens in time. */
      refreshGraceSeconds: z.int().nonnegative(),
    }),
    /** Names of keys: the first one signs or seals, all verify or open. A new key is second until every replica has it. */
    keys: z.strictObject({ signing: z.array(identifier).min(1), sealing: z.array(identifier).min(1) }),
    brands: z.record(identifier, brand),
    identityProviders: z.record(identifier, identityProvider),
    /**
     * By identity provider, the preferred credential first; the next one is for when the provider does not take it, or for a
     * sign-in that began with it. Apart from the provider, so that a client id not yet known does not hide the rest of a preview.
     */
    registrations: z.record(identifier, z.array(z.strictObject({ name: z.string(), clientId: z.string() })).min(1)),
    routes: z.record(identifier, route),
    tokenIssuers: z.record(identifier, tokenIssuer),
    serviceAccounts: z.record(identifier, serviceAccount),
  })
  .superRefine(checkNames)

export type RuntimeConfig = z.infer<typeof runtimeConfigSchema>
export type IdentityProviderConfig = RuntimeConfig['identityProviders'][string]
export type RouteConfig = RuntimeConfig['routes'][string]
export type TokenIssuerConfig = RuntimeConfig['tokenIssuers'][string]
export type ServiceAccountConfig = RuntimeConfig['serviceAccounts'][string]
export type BrandConfig = RuntimeConfig['brands'][string]

/** Where an identity provider sends people back to; it belongs to one provider, so that answers cannot be mixed up (RFC 9700 §4.4). */
export function callbackUrl(loginUrl: string, providerId: string): string {
  return `${loginUrl}/callback/${providerId}`
}

/** Where an identity provider tells that a session of its own has ended (Back-Channel Logout 1.0 §2.5). */
export function backChannelLogoutUrl(loginUrl: string, providerId: string): string {
  return `${loginUrl}/back-channel-logout/${providerId}`
}

/** What an identity provider loads in a frame when a session of its own ends (Front-Channel Logout 1.0 §2). */
export function frontChannelLogoutUrl(loginUrl: string, providerId: string): string {
  return `${loginUrl}/front-channel-logout/${providerId}`
}

/** Where an identity provider sends people after it has ended its own session (RP-Initiated Logout 1.0 §3). */
export function signedOutUrl(loginUrl: string): string {
  return `${loginUrl}/signed-out`
}

/** Whether people and tokens may travel there: over TLS, or within this machine. What is no web address is not judged. */
export function isSafe(value: string): boolean {
  const url = URL.parse(value)
  return url?.protocol !== 'http:' || isLoopbackHost(url.hostname)
}

/** Names in one part of the configuration that must exist in another. */
function checkNames(config: Names, context: z.core.$RefinementCtx): void {
  const known = (map: object, name: string, path: string[]): void => {
    if (Object.hasOwn(map, name)) return
    context.addIssue({ code: 'custom', path, message: `there is no ${name}`, input: name })
  }
  for (const kind of ['brands', 'routes'] as const) {
    for (const [id, { identityProviders }] of Object.entries(config[kind])) {
      for (const name of identityProviders) known(config.identityProviders, name, [kind, id, 'identityProviders'])
    }
  }
  for (const [id, { brand: name, bearer }] of Object.entries(config.routes)) {
    known(config.brands, name, ['routes', id, 'brand'])
    for (const { tokenIssuer: issuer } of bearer) known(config.tokenIssuers, issuer, ['routes', id, 'bearer'])
  }
  for (const [id, { routes }] of Object.entries(config.serviceAccounts)) {
    for (const name of routes) known(config.routes, name, ['serviceAccounts', id, 'routes'])
  }
}

interface Names {
  identityProviders: object
  brands: Record<string, { identityProviders: string[] }>
  routes: Record<string, { identityProviders: string[]; brand: string; bearer: { tokenIssuer: string }[] }>
  tokenIssuers: object
  serviceAccounts: Record<string, { routes: string[] }>
}

function safeUrl() {
  return z.url({ protocol: /^https?$/ }).refine(isSafe, SAFE_URL_ADVICE)
}

function isOrigin(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value
}
