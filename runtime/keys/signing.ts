import { calculateJwkThumbprint, importJWK, type CryptoKey, type JWK, SignJWT, type JWTPayload } from 'jose'

/** Signs with the newest key; publishes all, so that a key is known before it signs and after it stopped. */
export interface Signer {
  /** @param lifetimeSeconds from now until `exp` */
  sign(claims: JWTPayload, lifetimeSeconds: number): Promise<string>
  /** The public keys, as a JWK Set (RFC 7517 §5). */
  jwks: { keys: JWK[] }
}

/**
 * @param privateJwks ES256 private keys as JSON, newest first
 * @throws TypeError when there is none, or one is not a P-256 private key
 */
export async function createSigner(privateJwks: readonly string[]): Promise<Signer> {
  const keys = await Promise.all(privateJwks.map(readKey))
  const [newest] = keys
  if (!newest) throw new TypeError('no signing key')
  const header = { alg: 'ES256', typ: 'JWT', kid: newest.kid }
  return {
    sign: (claims, lifetimeSeconds) => {
      const now = Math.floor(Date.now() / 1000)
      return new SignJWT(claims)
        .setProtectedHeader(header)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(newest.privateKey)
    },
    jwks: { keys: keys.map((key) => key.publicJwk) },
  }
}

async function readKey(text: string): Promise<{ kid: string; privateKey: CryptoKey; publicJwk: JWK }> {
  const jwk = parseJwk(text)
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || !jwk.d) throw new TypeError('a signing key is not a P-256 private key')
  const kid = await calculateJwkThumbprint(jwk)
  const privateKey = await importJWK(jwk, 'ES256')
  if (privateKey instanceof Uint8Array) throw new TypeError('a signing key is symmetric')
  const { kty, crv, x, y } = jwk
  return { kid, privateKey, publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } }
}

function parseJwk(text: string): JWK {
  try {
    return JSON.parse(text) as JWK
  } catch {
    throw new TypeError('a signing key is not JSON')
  }
}
