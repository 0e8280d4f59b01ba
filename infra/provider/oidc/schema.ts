import * as z from 'zod'

import { AUTH_METHODS } from '../../../runtime/config.ts'
import { isLoopbackHost } from '../../../runtime/net/index.ts'

/** An issuer identifier to which tokens and secrets may be sent. */
export const issuer = z
  .string()
  .refine(
    isIssuer,
    'use the issuer identifier: https, without query, fragment or /.well-known/ (http only on localhost)',
  )

/** One exact redirect URI. */
export const redirectUri = z
  .string()
  .refine(isExactUri, 'use one exact absolute URL, without fragment or wildcard (RFC 6749 §3.1.2)')

/** Public keys, each member of which is a text; a private one must not get here. */
const jwkSet = z.strictObject({
  keys: z.array(z.record(z.string(), z.string()).refine((jwk) => !('d' in jwk), 'this key is private')).min(1),
})

/** What a program says about a client. The names are those of RFC 7591 §2 and OpenID Connect Registration 1.0 §2, in camel case. */
export const clientInputsSchema = z.strictObject({
  /** Issuer identifier; another one means another client. */
  issuer,
  /** Lets us register (RFC 7591 §1.2). With it, a create is also journalled: see journal.ts. */
  initialAccessToken: z.string().min(1).optional(),
  /** Shown to people by the server. */
  clientName: z.string().min(1),
  redirectUris: z.array(redirectUri),
  /** OpenID Connect RP-Initiated Logout 1.0 §3.1. */
  postLogoutRedirectUris: z.array(redirectUri),
  /** Back-Channel Logout 1.0 §2.2; left to the server where it is not given. */
  backChannelLogoutUri: redirectUri.optional(),
  /** Whether a logout token has to name the session (Back-Channel Logout 1.0 §2.2). */
  backChannelLogoutSessionRequired: z.boolean().optional(),
  grantTypes: z.array(z.enum(['authorization_code', 'refresh_token', 'client_credentials'])).min(1),
  tokenEndpointAuthMethod: z.enum(AUTH_METHODS),
  /** With `private_key_jwt`; left to the server where it is not given. */
  tokenEndpointAuthSigningAlg: z.enum(['ES256', 'RS256']).optional(),
  /** The client's public keys, for `private_key_jwt` (RFC 7517 §5). */
  jwks: jwkSet.optional(),
  /** Space-separated; left to the server where it is not given. */
  scope: z.string().min(1).optional(),
  /** Left to the server where it is not given. */
  applicationType: z.enum(['web', 'native']).optional(),
})

/** What the server gave for a client, apart from its metadata. */
const credentials = {
  clientId: z.string().min(1),
  clientSecret: z.string(),
  /** Seconds since 1970; 0 means never (RFC 7591 §3.2.1). */
  clientSecretExpiresAt: z.number(),
  registrationClientUri: z.string(),
  registrationAccessToken: z.string(),
}

export const clientCredentialsSchema = z.object(credentials)

/** Inputs as recorded. Looser than what a program may say: a read records whatever the server has. */
const recordedInputsSchema = z.object({
  issuer: z.string(),
  initialAccessToken: z.string().optional(),
  clientName: z.string(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  backChannelLogoutUri: z.string().optional(),
  backChannelLogoutSessionRequired: z.boolean().optional(),
  grantTypes: z.array(z.string()),
  tokenEndpointAuthMethod: z.string(),
  tokenEndpointAuthSigningAlg: z.string().optional(),
  jwks: z.record(z.string(), z.json()).optional(),
  scope: z.string().optional(),
  applicationType: z.string().optional(),
} satisfies Record<keyof ClientInputs, z.ZodType>)

/**
 * What the state holds. `substituted` has the metadata that the server registered otherwise than it was asked to
 * (RFC 7591 §3.2.1), by wire name: what it states from then on is no drift.
 */
export const clientStateSchema = z.object({
  ...recordedInputsSchema.shape,
  ...credentials,
  substituted: z.record(z.string(), z.json()).optional(),
})

export type ClientInputs = z.infer<typeof clientInputsSchema>
export type RecordedInputs = z.infer<typeof recordedInputsSchema>
export type ClientCredentials = z.infer<typeof clientCredentialsSchema>
export type ClientState = z.infer<typeof clientStateSchema>

/** Takes the inputs out of a state. */
export function inputsOf(state: ClientState): RecordedInputs {
  return recordedInputsSchema.parse(state)
}

/**
 * Whether tokens may be sent to an address: over TLS, or within this machine.
 * @param value anything
 */
export function isSafeUrl(value: string): boolean {
  const url = URL.parse(value)
  if (url === null || url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
}

function isIssuer(value: string): boolean {
  return isSafeUrl(value) && !/[?#]/.test(value) && !value.includes('/.well-known/')
}

function isExactUri(value: string): boolean {
  return URL.canParse(value) && !/[#*\s]/.test(value)
}
