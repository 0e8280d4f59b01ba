import { createPrivateKey, type KeyObject } from 'node:crypto'

import { calculateJwkThumbprint } from 'jose'
import * as oidc from 'openid-client'

import type { IdentityProviderConfig } from '../config.ts'
import type { ClientCredential } from './contract.ts'

/** RFC 7518 §3.3. */
const MIN_RSA_BITS = 2048

/**
 * How a credential is shown to a provider (OpenID Connect Core §9).
 * @param audience of a signed assertion; the issuer identifier where it is left out, as RFC 7523bis has it
 * @throws TypeError when a key is not a private key on P-256, or of RSA with 2048 bits or more
 */
export async function clientAuthentication(
  method: IdentityProviderConfig['authMethod'],
  { name, proof }: ClientCredential,
  audience?: string,
): Promise<oidc.ClientAuth> {
  switch (proof.kind) {
    case 'secret':
      return method === 'client_secret_basic'
        ? oidc.ClientSecretBasic(proof.secret)
        : oidc.ClientSecretPost(proof.secret)
    case 'key': {
      const { jwk } = proof
      const key = toSigningKey(readKey(name, jwk), jwk.alg)
      const kid = jwk.kid ?? (await calculateJwkThumbprint(jwk))
      const modify = (_header: object, payload: { aud?: unknown }) => {
        if (audience !== undefined) payload.aud = audience
      }
      return oidc.PrivateKeyJwt({ key, kid }, { [oidc.modifyAssertion]: modify })
    }
    case 'none':
      return oidc.None()
  }
}

/**
 * Refuses a credential that no provider could take, before a release with it is in force.
 * @throws TypeError that names the credential, and shows nothing of it
 */
export function requireUsable({ name, clientId, proof }: ClientCredential): void {
  if (clientId === '') throw new TypeError(`the credential ${name} has no client id`)
  if (proof.kind === 'secret' && proof.secret === '') throw new TypeError(`the client secret ${name} is empty`)
  if (proof.kind === 'key') readKey(name, proof.jwk)
}

function readKey(name: string, jwk: object): KeyObject {
  try {
    const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
    const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return key
    if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) return key
  } catch {
    // Said below, without the key that is part of some errors.
  }
  throw new TypeError(`the client key ${name} is no private JWK on P-256, or of RSA with ${MIN_RSA_BITS} bits or more`)
}

function toSigningKey(key: KeyObject, alg: string | undefined): oidc.CryptoKey {
  if (key.asymmetricKeyType === 'ec') return key.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  const name = alg === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5'
  return key.toCryptoKey({ name, hash: 'SHA-256' }, false, ['sign'])
}
