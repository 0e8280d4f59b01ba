import * as z from 'zod'

import { identifier, isSafe } from '../../runtime/config.ts'
import { issuer } from './issuer.ts'

/** Somebody who issues JWT access tokens to programs (RFC 9068). */
export const tokenIssuer = z.strictObject({
  issuer,
  /** Where its keys are; found by discovery where it is left out. */
  jwks: z
    .url({ protocol: /^https?$/ })
    .refine(isSafe, 'use https; plain http is only for hosts on this machine (localhost and *.localhost)')
    .optional(),
  /** The claim of its tokens that has groups. */
  groupsClaim: z.string().min(1).default('groups'),
  /** Its keys may lie in a private network. A host on this machine may always be asked. */
  allowPrivateAddresses: z.boolean().default(false),
})

/** A program with tokens that this stack makes. */
export const serviceAccount = z.strictObject({
  /** Shown to people; the id where it is left out. */
  name: z.string().min(1).optional(),
  /** What a route's rule reads as `user.groups`. */
  groups: z.array(z.string().min(1)).default([]),
  /** Where its tokens count; at each of them the route's rule decides. */
  routes: z.array(identifier).min(1, 'name the routes at which its tokens count'),
  /** Names of its tokens. All are good until they expire or leave the list: put a second one beside a first to rotate. */
  tokens: z
    .array(identifier)
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'a name is there twice')
    .default(['first']),
  /** How long a token is good, counted from when it was made. */
  expiresInDays: z.int().positive().max(366).default(90),
})

export type TokenIssuerSettings = z.output<typeof tokenIssuer>
export type ServiceAccountSettings = z.output<typeof serviceAccount>
