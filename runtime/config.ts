import * as z from 'zod'

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

/** Fields of a person's profile that claims are mapped to. */
export const PROFILE_FIELDS = ['username', 'email', 'name', 'picture', 'website', 'company', 'location'] as const
export type ProfileField = (typeof PROFILE_FIELDS)[number]

/** Where a profile field comes from: a claim (`address.locality` for one inside another), and what stands there without it. */
const attribute = z.strictObject({ claim: z.string().min(1), default: z.string().optional() })

/** A picture that is checked already: how it is served, and its bytes in base64. */
const image = z.strictObject({ type: z.enum(['image/png', 'image/jpeg', 'image/svg+xml']), data: z.base64() })

/** What an identity provider is, apart from the credential that we hold there. */
const identityProvider = z.strictObject({
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

/** `scheme://*.domain[:port]`: every host that has exactly one label more. */
export const wildcardOrigin = z
  .string()
  .refine(
    (value) => /^https?:\/\/\*\.[^*]+$/.test(value) && isOrigin(value.replace('*.', 'any.')),
    'write it as scheme://*.domain, with one * for one label',
  )

/** Who may pass: everybody (with the reason why), or people for whom the CEL expression is true. */
const access = z.union([z.strictObject({ public: z.string() }), z.strictObject({ allow: z.string() })])

const pathText = z.string().regex(/^\/[\x21-\x7e]*$/, 'write a path that begins with / and has no spaces')

/**
 * Which paths of a host are meant. A prefix is of whole segments: `/api` has `/api/v1` and not `/apis`. A pattern is RE2 and
 * must match the whole path. At one host an exact path counts before a pattern, that before a prefix, a longer prefix before
 * a shorter one, and among patterns the one whose route's name comes first.
 */
const pathMatch = z.union([
  z.strictObject({ exact: pathText }),
  z.strictObject({ pattern: z.string().min(1) }),
  z.strictObject({ prefix: pathText }),
])

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'this is no name of a header')
const headerValue = z.string().regex(/^[\x20-\x7e]*$/, 'write visible ASCII in one line')

const headerChanges = z.strictObject({ set: z.record(headerName, headerValue), remove: z.array(headerName) })

/** Passes requests on to one of several servers of an app. */
const forward = z.strictObject({
  kind: z.literal('forward'),
  upstreams: z.array(origin).min(1),
  balance: z.enum(['round_robin', 'least_requests']),
  /** What the upstreams speak: `http2` is chosen by TLS (ALPN), and without TLS known beforehand (gRPC). */
  protocol: z.enum(['http1', 'http2']),
  /** Asked of each upstream; 2xx is healthy. */
  healthCheck: z
    .strictObject({
      path: pathText,
      intervalMs: z.int().positive(),
      timeoutMs: z.int().positive(),
      healthyAfter: z.int().positive(),
      unhealthyAfter: z.int().positive(),
    })
    .optional(),
  /** How often an idempotent request without a body is tried again, at another upstream where there is one. */
  retries: z.int().min(0).max(5),
  timeouts: z.strictObject({
    connectMs: z.int().positive(),
    firstByteMs: z.int().positive(),
    /** Without a byte in either direction. */
    idleMs: z.int().positive(),
    /** Of the whole exchange; none where it is left out. */
    totalMs: z.int().positive().optional(),
  }),
  limits: z.strictObject({
    /** Of a request. */
    bodyBytes: z.int().positive().optional(),
    /** Of a request's header fields, names and values together. */
    headerBytes: z.int().positive().optional(),
  }),
  tls: z
    .strictObject({
      /** Certificates in PEM that are trusted instead of the system's. */
      ca: z.string().optional(),
      /** Asked for (SNI) and checked, instead of the upstream's own name. */
      serverName: z.string().optional(),
      /** Shown to the upstream: the secret `upstream-certificate.<route>` has certificate and key in PEM. */
      clientCertificate: z.boolean(),
    })
    .optional(),
  /** The upstream sees the public host instead of its own. */
  preserveHost: z.boolean(),
  rewrite: z
    .strictObject({
      /** Takes the place of the route's prefix. */
      prefix: pathText.optional(),
      host: z.string().optional(),
    })
    .optional(),
  requestHeaders: headerChanges.optional(),
  responseHeaders: headerChanges.optional(),
})

const redirect = z.strictObject({
  kind: z.literal('redirect'),
  status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]),
  origin: origin.optional(),
  /** `replace` is the whole path; `prefix` takes the place of the route's prefix. */
  path: z.union([z.strictObject({ replace: pathText }), z.strictObject({ prefix: pathText })]).optional(),
  keepQuery: z.boolean(),
})

const respond = z.strictObject({
  kind: z.literal('respond'),
  status: z.int().min(200).max(599),
  contentType: headerValue,
  body: z.string(),
})

/** Another proxy asks who may pass, and passes the requests on itself. */
const forwardAuth = z.strictObject({ kind: z.literal('forward_auth') })

/** What an app is told about who is there, beside the assertion that it always gets. */
const identityForApp = z.strictObject({
  /** `per_request` makes a new assertion with a `jti` for each request. */
  assertion: z.enum(['cached', 'per_request']),
  /** Claims that the assertion has beside its own. */
  claims: z.array(z.string().min(1)),
  /** Header → claim: `id`, `email`, `name`, `groups`, or one that the identity provider's `claims` names. */
  headers: z.record(headerName, z.string().min(1)),
  /** Speaks as Pomerium does: its header, issuer, audience and JWKS path. */
  pomerium: z.boolean(),
  /** `Authorization: Bearer` with the assertion, for apps that read that. */
  bearer: z.boolean(),
})

const route = z.strictObject({
  brand: identifier,
  from: z.union([origin, wildcardOrigin]),
  path: pathMatch,
  action: z.discriminatedUnion('kind', [forward, redirect, respond, forwardAuth]),
  access,
  /** Paths of this route that everybody may open, and why. */
  publicPaths: z.array(z.strictObject({ path: pathMatch, reason: z.string().min(1) })),
  /** The app answers CORS preflights itself, which browsers send without a cookie. */
  corsPreflight: z.boolean(),
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
  identity: identityForApp,
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

/** In place of an identity provider's id: sessions of the gateway's own accounts, signed in by password or passkey. */
export const OWN_ACCOUNTS = 'accounts'

const color = z.string().regex(/^#[0-9a-f]{6}$/, 'write a colour as #rrggbb in lower case')

const brand = z.strictObject({
  name: z.string(),
  /** The brand's login host: its authenticate service. */
  url: origin,
  identityProviders: z.array(identifier),
  /**
   * Who may sign in by a password of the gateway's own: everybody who has one, nobody, or (`break_glass`) only administrators with a
   * passkey beside it, at an address that no page names, with an alert.
   */
  password: z.enum(['on', 'off', 'break_glass']),
  /** People may sign in by a passkey alone. */
  passkeys: z.boolean(),
  /** The sign-in page asks for the address first, and goes on by its domain. */
  identityFirst: z.boolean(),
  /** Where there is one way to sign in, the page is left out. */
  autoRedirect: z.boolean(),
  logo: image.optional(),
  /** Takes the place of the accent colour, in light and in dark. */
  colors: z.strictObject({ light: color, dark: color }).optional(),
  /** Below each page: privacy, terms, imprint. */
  links: z.array(z.strictObject({ label: z.string().min(1), url: safeUrl() })),
  session: lifetimes.optional(),
})

/** How mail is sent; the password is the secret `mail-password`. */
const mail = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  /** `none` only on this machine. */
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().min(1).optional(),
  /** The address that mail comes from; the brand's name stands in front of it. */
  from: z.email(),
})

/** A person with an account of the gateway's own, made by the stack. */
const account = z.strictObject({
  brand: identifier,
  email: z.email(),
  name: z.string().min(1),
  /** Of sessions by password or passkey. */
  groups: z.array(z.string()),
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
    /** The gateway speaks TLS itself, HTTP/2 and HTTP/1.1; files are read again when they change. */
    tls: z
      .strictObject({
        certificates: z.array(z.strictObject({ certificateFile: z.string(), keyFile: z.string() })).min(1),
      })
      .optional(),
    /** Processes that answer requests; `auto` is one for each core. */
    workers: z.union([z.int().min(1).max(256), z.literal('auto')]),
    /** Liveness, readiness and metrics; never the public port. */
    admin: address,
    /** Where sessions are kept: a file of this process, or a database that replicas share. */
    store: z.enum(['sqlite', 'postgres']),
    /** Networks (CIDR) of the proxies in front, whose X-Forwarded-For counts; without one, the peer is the client. */
    trustedProxies: z.array(z.union([z.cidrv4(), z.cidrv6()])),
    /** Proxies that ask who may pass show the secret `forward-auth-secret`. */
    forwardAuth: z.boolean(),
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
    mail: mail.optional(),
    /** Whose accounts there are from the start; they are invited by mail. */
    accounts: z.record(identifier, account),
    /** A rule like a route's: for whom it is true may administer. Nobody may without one. */
    admins: z.string().optional(),
    /** The stack file that this was made from; shown to administrators. */
    stackFile: z.string(),
  })
  .superRefine(checkNames)

export type RuntimeConfig = z.infer<typeof runtimeConfigSchema>
export type IdentityProviderConfig = RuntimeConfig['identityProviders'][string]
export type RouteConfig = RuntimeConfig['routes'][string]
export type ForwardConfig = z.infer<typeof forward>
export type RedirectConfig = z.infer<typeof redirect>
export type RespondConfig = z.infer<typeof respond>
export type IdentityForApp = z.infer<typeof identityForApp>
export type PathMatch = z.infer<typeof pathMatch>
export type TokenIssuerConfig = RuntimeConfig['tokenIssuers'][string]
export type ServiceAccountConfig = RuntimeConfig['serviceAccounts'][string]
export type BrandConfig = RuntimeConfig['brands'][string]
export type MailConfig = NonNullable<RuntimeConfig['mail']>
export type ImageConfig = z.infer<typeof image>

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
      for (const name of identityProviders) {
        if (kind === 'routes' && name === OWN_ACCOUNTS) continue
        known(config.identityProviders, name, [kind, id, 'identityProviders'])
      }
    }
  }
  for (const [id, { brand: name, bearer }] of Object.entries(config.routes)) {
    known(config.brands, name, ['routes', id, 'brand'])
    for (const { tokenIssuer: issuer } of bearer) known(config.tokenIssuers, issuer, ['routes', id, 'bearer'])
  }
  if (Object.hasOwn(config.identityProviders, OWN_ACCOUNTS)) {
    const path = ['identityProviders', OWN_ACCOUNTS]
    context.addIssue({ code: 'custom', path, message: 'this name stands for the gateway’s own accounts', input: path })
  }
  for (const [id, { brand: name }] of Object.entries(config.accounts))
    known(config.brands, name, ['accounts', id, 'brand'])
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
  accounts: Record<string, { brand: string }>
}

function safeUrl() {
  return z.url({ protocol: /^https?$/ }).refine(isSafe, SAFE_URL_ADVICE)
}

/** URL takes a star for a letter of a host name; here it is none. */
function isOrigin(value: string): boolean {
  const url = value.includes('*') ? null : URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value
}
