import { z } from 'zod'

/** Inputs of a random secret. */
export const secretInputsSchema = z.strictObject({
  /** How many random bytes. */
  bytes: z.int().min(16, 'use at least 16 bytes').max(1024),
})

/** A signing key has nothing to choose: ES256 is what the assertions are signed with. */
export const signingInputsSchema = z.strictObject({})

export type SecretInputs = z.infer<typeof secretInputsSchema>
export type SigningInputs = z.infer<typeof signingInputsSchema>
