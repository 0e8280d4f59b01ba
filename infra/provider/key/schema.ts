import * as z from 'zod'

/** Inputs of a random secret. */
export const secretInputsSchema = z.strictObject({
  /** How many random bytes. */
  bytes: z.int().min(16, 'use at least 16 bytes').max(1024),
})

/** A signing key has nothing to choose: ES256 is what the assertions are signed with. */
export const signingInputsSchema = z.strictObject({})

/** Inputs of a service account's token. */
export const serviceTokenInputsSchema = z.strictObject({
  /** What stands before the random part, for whoever finds the token somewhere: `gws_<account>_<name>`. */
  prefix: z.string().regex(/^[a-z0-9_-]{1,100}$/, 'use lowercase letters, digits, dashes and underscores'),
  expiresInDays: z.int().positive(),
})

/** Inputs of the end of a name. */
export const nameSuffixInputsSchema = z.strictObject({
  /** What the name is for. */
  of: z.string(),
})

export type NameSuffixInputs = z.infer<typeof nameSuffixInputsSchema>
export type SecretInputs = z.infer<typeof secretInputsSchema>
export type SigningInputs = z.infer<typeof signingInputsSchema>
export type ServiceTokenInputs = z.infer<typeof serviceTokenInputsSchema>
