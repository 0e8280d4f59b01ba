import * as z from 'zod'

import type { SignInResult } from '../providers/index.ts'
import { handOverRequestSchema } from './hand-over-request.ts'

const resultSchema = z.strictObject({
  issuer: z.string(),
  subject: z.string(),
  sid: z.string().optional(),
  person: z.strictObject({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    groups: z.array(z.string()),
    claims: z.record(z.string(), z.unknown()),
    emailByMail: z.boolean().optional(),
    readAs: z.string(),
  }),
  identity: z.strictObject({ issuer: z.string(), subject: z.string() }),
  claimedEmail: z.string(),
  profile: z.record(z.string(), z.string()),
  authentication: z.strictObject({ time: z.number(), acr: z.string().optional(), amr: z.array(z.string()) }),
  tokens: z.strictObject({ access: z.string(), refresh: z.string().optional(), id: z.string() }),
  accessExpiresAt: z.number().optional(),
})

/** What somebody wants to reach by signing in, and what becomes of the session that they had. */
export const destinationSchema = z.strictObject({
  /** The app's host that asked, where one did. */
  request: handOverRequestSchema.optional(),
  /** A page of the login host, where no app asked. */
  next: z.string().optional(),
  /** Id of the session that the browser had; it ends when the new one begins. */
  replaces: z.string().optional(),
})

export type Destination = z.infer<typeof destinationSchema>

/** Somebody whom a provider has signed in, kept sealed while there is another step to take before they are let in. */
export const arrivalSchema = z.strictObject({
  identityProvider: z.string(),
  // What the provider said was checked when it came; kept claims are any JSON.
  result: resultSchema.transform((result) => result as unknown as SignInResult),
  destination: destinationSchema,
})

export type Arrival = z.infer<typeof arrivalSchema>
