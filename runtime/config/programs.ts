import * as z from 'zod'

import { identifier, issuerIdentifier, safeUrl } from './fields.ts'

/** Who issues JWT access tokens to programs (RFC 9068). */
export const tokenIssuer = z.strictObject({
  issuer: issuerIdentifier,
  /** Found by discovery where it is left out. */
  jwks: safeUrl().optional(),
  groupsClaim: z.string().min(1),
  allowPrivateAddresses: z.boolean(),
})

/** A program with tokens of ours. */
export const serviceAccount = z.strictObject({
  name: z.string(),
  groups: z.array(z.string()),
  routes: z.array(identifier),
  /** `hash` is SHA-256 of the whole token, base64url; `expiresAt` in milliseconds since 1970. */
  tokens: z.array(z.strictObject({ name: identifier, hash: z.string().length(43), expiresAt: z.int().positive() })),
})
