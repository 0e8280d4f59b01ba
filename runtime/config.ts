import { z } from 'zod'

import { isLoopbackHost } from './net/index.ts'

/** Keys of maps in the stack file: they stand in URLs, file names and resource names. */
export const identifier = z
  .string()
  .regex(/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'use lowercase letters, digits and dashes, starting with a letter')

/** `scheme://host[:port]` and nothing else, spelled as `URL.origin` spells it. */
export const origin = z.string().refine(isOrigin, 'write it as scheme://host or scheme://host:port, without a path')

/**
 * An issuer identifier: https (http on this machine alone), without query or fragment, and never the discovery address,
 * with which the issuer's check would be skipped.
 */
export const issuerIdentifier = z
  .url({ protocol: /^https?$/ })
  .refine(isSafe, 'use https; plain http is only for hosts on this machine (localhost and *.localhost)')
  .refine((url) => !/[?#]|\/\.well-known\//.test(url), 'write the issuer itself, without ?, # or /.well-known/…')

const address = z.strictObject({ host: z.string(), port: z.int().min(1).max(65_535) })

/** What an identity provider is, apart from the credential that we hold there. */
const identityProvider = z.strictObject({
  /** Shown to people. */
  name: z.string(),
  buttonText: z.string(),
  /** The issuer identifier, exactly as its discovery document says it (OpenID Connect Discovery 1.0 §4.3). */
  issuer: issuerIdentifier,
  authMethod: z.enum(['client_secret_post', 'client_secret_basic']),
  scopes: z.array(z.string()),
  emailTrust: z.enum(['verify-with-claim', 'trust-idp']),
  /** The claim that has the groups: `groups`, unless the provider keeps that name to itself. */
  groupsClaim: z.string().min(1),
  /** `user.email` is set only for these domains; empty means any. */
  allowedDomains: z.array(z.string()),
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
})

const brand = z.strictObject({
  name: z.string(),
  /** The brand's login host: its authenticate service. */
  url: origin,
  identityProviders: z.array(identifier),
})

/**
 * All that the runtime is told, except secrets: those are files in the secrets folder, named
 * `client-secret.<identity provider>.<credential>`, `signing-key.<name>` (a private JWK, ES256) and `sealing-key.<name>` (32 bytes, base64url).
 */
export const runtimeConfigSchema = z
  .strictObject({
    version: z.literal(1),
    listen: address,
    /** Liveness and readiness; never the public port. */
    admin: address,
    session: z.strictObject({ idleSeconds: z.int().positive(), absoluteSeconds: z.int().positive() }),
    /** Names of keys, newest first: the first one signs or seals, all verify or open. */
    keys: z.strictObject({ signing: z.array(identifier).min(1), sealing: z.array(identifier).min(1) }),
    brands: z.record(identifier, brand),
    identityProviders: z.record(identifier, identityProvider),
    /**
     * By identity provider, the preferred credential first; the next one is for when the provider does not take it, or for a
     * sign-in that began with it. Apart from the provider, so that a client id not yet known does not hide the rest of a preview.
     */
    registrations: z.record(identifier, z.array(z.strictObject({ name: z.string(), clientId: z.string() })).min(1)),
    routes: z.record(identifier, route),
  })
  .superRefine(checkNames)

export type RuntimeConfig = z.infer<typeof runtimeConfigSchema>
export type IdentityProviderConfig = RuntimeConfig['identityProviders'][string]
export type RouteConfig = RuntimeConfig['routes'][string]
export type BrandConfig = RuntimeConfig['brands'][string]

/** Where an identity provider sends people back to; it belongs to one provider, so that answers cannot be mixed up (RFC 9700 §4.4). */
export function callbackUrl(loginUrl: string, providerId: string): string {
  return `${loginUrl}/callback/${providerId}`
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
  for (const [id, { brand: name }] of Object.entries(config.routes)) known(config.brands, name, ['routes', id, 'brand'])
}

interface Names {
  identityProviders: object
  brands: Record<string, { identityProviders: string[] }>
  routes: Record<string, { identityProviders: string[]; brand: string }>
}

function isOrigin(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value
}
