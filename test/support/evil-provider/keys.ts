import { createHmac, createPublicKey } from 'node:crypto'

import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'

export type Claims = Record<string, unknown>

/** A key pair of a provider, and its public half as a JWK Set has it. */
export interface SigningKey {
  jwk: JWK
  privateJwk: JWK
  sign: (claims: Claims, header?: Partial<JWTHeaderParameters>) => Promise<string>
}

const made = new Map<string, Promise<SigningKey>>()

/** @returns the same RS256 key for the same name in one test run: making one takes a tenth of a second */
export function signingKey(kid: string): Promise<SigningKey> {
  const key = made.get(kid) ?? makeKey(kid)
  made.set(kid, key)
  return key
}

async function makeKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
  return {
    jwk,
    privateJwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey),
  }
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that nobody signed (RFC 8725 §2.1). */
export function unsigned(claims: Claims, header: object = {}): string {
  return `${base64({ alg: 'none', ...header })}.${base64(claims)}.`
}

/** A token whose MAC is made with the RSA public key, in one of the spellings that verifiers have taken for a secret. */
export function macWithPublicKey(claims: Claims, jwk: JWK, spelling: 'pem' | 'der' | 'jwk' | 'modulus'): string {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const secret = {
    pem: () => key.export({ type: 'spki', format: 'pem' }),
    der: () => key.export({ type: 'spki', format: 'der' }),
    jwk: () => JSON.stringify(jwk),
    modulus: () => Buffer.from(jwk.n ?? '', 'base64url'),
  }[spelling]()
  const input = `${base64({ alg: 'HS256', kid: jwk.kid })}.${base64(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}
