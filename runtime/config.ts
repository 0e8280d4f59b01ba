import * as z from 'zod'

import { account, brand, mail, OWN_ACCOUNTS, RESERVED_PROVIDER_IDS } from './config/brand.ts'
import { address, identifier, type image } from './config/fields.ts'
import { identityProvider } from './config/identity-provider.ts'
import { serviceAccount, tokenIssuer } from './config/programs.ts'
import { route } from './config/route.ts'

export { OWN_ACCOUNTS, RESERVED_PROVIDER_IDS } from './config/brand.ts'
export { identifier, isSafe, issuerIdentifier, origin } from './config/fields.ts'
export {
  AUTH_METHODS,
  authorizationParameters,
  endpoints,
  PROFILE_FIELDS,
  type ProfileField,
} from './config/identity-provider.ts'
export { backChannelLogoutUrl, callbackUrl, frontChannelLogoutUrl, signedOutUrl } from './config/login-urls.ts'
export {
  type ForwardConfig,
  type IdentityForApp,
  type PathMatch,
  type RedirectConfig,
  type RespondConfig,
  wildcardOrigin,
} from './config/route.ts'

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
export type TokenIssuerConfig = RuntimeConfig['tokenIssuers'][string]
export type ServiceAccountConfig = RuntimeConfig['serviceAccounts'][string]
export type BrandConfig = RuntimeConfig['brands'][string]
export type MailConfig = NonNullable<RuntimeConfig['mail']>
export type ImageConfig = z.infer<typeof image>

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
  for (const id of Object.keys(config.identityProviders).filter((name) => RESERVED_PROVIDER_IDS.has(name))) {
    const path = ['identityProviders', id]
    context.addIssue({ code: 'custom', path, message: 'this name is the gateway’s own', input: id })
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
