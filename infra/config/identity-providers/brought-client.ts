import { createPrivateKey, type JsonWebKeyInput } from 'node:crypto'

import * as z from 'zod'

import { inTheOpen, secret } from '../fields.ts'

const id = z.string().min(1)

/** A client that somebody made by hand in the vendor's console. */
export const broughtClient = z.strictObject({
  /** Its client id. */
  id,
  secret,
  /** While one secret takes over from the other: the former one, so that sign-ins under way still succeed. */
  previousSecret: secret.optional(),
})

/** A private key as a JWK (RFC 7517), in JSON; it is looked at wherever it stands in the open. */
const privateKey = z
  .custom<z.input<typeof secret>>()
  .superRefine((value, context) => {
    const text = inTheOpen(value)
    if (text === undefined || isPrivateJwk(text)) return
    // Of two lines, because a value is repeated before a message of one line.
    context.addIssue({
      code: 'custom',
      message:
        'is no private key:\nwrite it as a JWK in JSON, for ES256 (kty EC, crv P-256) or RS256 (kty RSA), with its kid',
    })
  })
  .pipe(secret)

/** The same where the client may show itself by a key, or not at all. */
export const broughtClientOfAnyKind = z.strictObject({
  /** Its client id. */
  id,
  secret: secret.optional(),
  previousSecret: secret.optional(),
  /** For `private_key_jwt`; the provider has its public half. */
  privateKey: privateKey.optional(),
  /** While one key takes over from the other: the former one. */
  previousPrivateKey: privateKey.optional(),
})

export type BroughtClient = z.output<typeof broughtClientOfAnyKind>

function isPrivateJwk(text: string): boolean {
  try {
    const key = JSON.parse(text) as JsonWebKeyInput['key']
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey({ key, format: 'jwk' })
    return asymmetricKeyType === 'rsa' || asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}
