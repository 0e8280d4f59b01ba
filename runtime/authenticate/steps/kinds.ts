import * as z from 'zod'

import { arrivalSchema } from '../arrival.ts'
import { stepKind } from './step.ts'

/** Somebody whom a provider has signed in, and whose address has to be confirmed by mail first. */
export const pendingSignIn = stepKind(
  'pending_sign_in',
  z.strictObject({ arrival: arrivalSchema, email: z.string(), required: z.boolean() }),
)

/** What the link in such a mail stands for. */
export const emailVerification = stepKind(
  'email_verification',
  z.strictObject({
    /** Value of the pending sign-in; whoever opens the link elsewhere cannot go on with it, since it is bound. */
    pending: z.string(),
    email: z.string(),
    identityProvider: z.string(),
    name: z.string(),
  }),
)

/** Somebody whose address is that of an existing account, which is to be shown to be theirs. */
export const pendingJoin = stepKind(
  'pending_link',
  z.strictObject({
    arrival: arrivalSchema,
    existingId: z.string(),
    email: z.string(),
    emailByMail: z.string().optional(),
    /** By which way the existing account was shown to be theirs; left out while it was not. */
    provenBy: z.string().optional(),
  }),
)

/** Choosing how to sign in to an account that somebody else has made. */
export const invitation = stepKind('invitation', z.strictObject({ email: z.string() }))

/** Choosing a new password. */
export const passwordReset = stepKind('password_reset', z.strictObject({ email: z.string() }))

/** How long each may wait, in milliseconds. */
export const STEP_LIFETIME_MS = {
  /** As long as the link in the mail that it waits for. */
  pendingSignIn: 60 * 60_000,
  emailVerification: 60 * 60_000,
  pendingJoin: 15 * 60_000,
  invitation: 7 * 24 * 60 * 60_000,
  passwordReset: 30 * 60_000,
} as const
