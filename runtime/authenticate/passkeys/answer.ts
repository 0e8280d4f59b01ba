import * as z from 'zod'

/** base64url of at most so many characters. */
const encoded = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/)

/** A credential id has 1,023 bytes at most (WebAuthn Level 3 §4, credential id). */
const id = encoded(1_364)

const common = {
  id,
  rawId: id,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
}

const assertionSchema = z.strictObject({
  ...common,
  response: z.strictObject({
    clientDataJSON: encoded(4_096),
    authenticatorData: encoded(4_096),
    signature: encoded(8_192),
    userHandle: encoded(128).nullish(),
  }),
})

const attestationSchema = z.strictObject({
  ...common,
  response: z.strictObject({
    clientDataJSON: encoded(4_096),
    attestationObject: encoded(16_384),
    transports: z.array(z.string().max(32)).max(8),
  }),
})

/** What a browser's authenticator says to a sign-in (WebAuthn Level 3 §5.2.2). */
export type Assertion = z.infer<typeof assertionSchema>

/** What it says when it has made a passkey (§5.2.1). */
export type Attestation = z.infer<typeof attestationSchema>

/** @param field of the form; @returns nothing when it is no assertion */
export function readAssertion(field: string | null): Assertion | undefined {
  return assertionSchema.safeParse(parseJson(field)).data
}

/** @param field of the form; @returns nothing when it is no attestation */
export function readAttestation(field: string | null): Attestation | undefined {
  return attestationSchema.safeParse(parseJson(field)).data
}

/** @returns undefined for what is no JSON, which no schema takes */
function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
