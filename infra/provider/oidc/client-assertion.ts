import { randomUUID } from 'node:crypto'

import { ProviderError } from '../errors.ts'

/** How long an assertion is good, in seconds. */
const LIFETIME = 60

/** How a client shows its key (RFC 7523 §2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Signs what a client with a key shows instead of a secret. Its audience is the issuer alone, as the gateway's own: an
 * assertion for an endpoint could be redeemed by whoever makes us believe that theirs is that endpoint.
 * @param privateJwk a JWK in JSON, for ES256 or RS256
 * @throws ProviderError `credential_refused` where it is no such key; the message has nothing of it
 * @see RFC 7523 §3
 */
export async function signAssertion(privateJwk: string, clientId: string, issuer: string): Promise<string> {
  // Loaded here: every preview starts this provider, and most clients have secrets.
  const { importJWK, SignJWT } = await import('jose')
  const jwk = parseJwk(privateJwk)
  const alg = jwk.alg ?? (jwk.kty === 'RSA' ? 'RS256' : 'ES256')
  const assertion = new SignJWT()
    .setProtectedHeader({ alg, ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME}s`)
  try {
    return await assertion.sign(await importJWK(jwk, alg))
  } catch {
    // What the library says of a key may have some of it.
    throw new ProviderError('credential_refused', `the private key of client ${clientId} is no JWK for ${alg}`)
  }
}

function parseJwk(text: string): { kty: string; kid?: string; alg?: string } {
  try {
    return JSON.parse(text) as { kty: string }
  } catch {
    throw new ProviderError('credential_refused', 'a private key is no JSON: write it as a JWK (RFC 7517)')
  }
}
