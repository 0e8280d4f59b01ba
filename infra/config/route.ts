import { z } from 'zod'

import { identifier, origin } from '../../runtime/config.ts'
import { minutes, publicOrigin, rule } from './fields.ts'

/** What a sign-in must have been like; who has another one is asked to sign in again. */
const signIn = z
  .strictObject({
    /** The person has shown a credential at most so long ago. */
    maxAgeMinutes: minutes.optional(),
    /** One of these authentication context classes, as the provider calls them (OpenID Connect Core 1.0 §2, `acr`). */
    acr: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .transform((value) => (typeof value === 'string' ? [value] : value))
      .optional(),
  })
  .refine(
    ({ maxAgeMinutes, acr }) => maxAgeMinutes !== undefined || acr !== undefined,
    'say what is asked of a sign-in: maxAgeMinutes, acr or both',
  )

/** Programs come in with JWT access tokens of this issuer, made for this audience. */
const bearer = z.strictObject({ tokenIssuer: identifier, audience: z.string().min(1) })

/** One app behind the gateway. */
export const route = z.strictObject({
  from: publicOrigin,
  to: origin,
  /** Who may pass, in CEL. One of `allow` and `public` is needed. */
  allow: rule.optional(),
  /** Lets everybody pass without signing in; the text says why. */
  public: z.string().min(1).optional(),
  /** Only these providers count here; all of the stack where it is left out. */
  identityProviders: z.array(identifier).min(1).optional(),
  websocketOrigins: z.array(origin).default([]),
  allowEncodedSlash: z.boolean().default(false),
  signIn: signIn.optional(),
  bearer: z.array(bearer).default([]),
})
