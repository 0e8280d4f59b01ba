import { createPublicKey } from 'node:crypto'

import * as z from 'zod'

import { isLoopbackHost } from '../net/index.ts'

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), use: z.string().optional() })) })
const names = z.array(z.string()).optional()

/** What a sign-in cannot do without (OpenID Connect Discovery 1.0 §3), and what has to be among the things offered. */
const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
const OFFERS = {
  response_types_supported: (offered: string[]) => offered.includes('code'),
  // Signatures that are checked with published keys.
  id_token_signing_alg_values_supported: (offered: string[]) => offered.some((alg) => /^(?:RS|PS|ES|Ed)/.test(alg)),
} as const

/**
 * Says what keeps sign-ins from working.
 * @param document a discovery document whose issuer is the right one
 * @returns sentences without a full stop; none where it is good
 */
export function metadataProblems(document: Record<string, unknown>): string[] {
  const missing = ENDPOINTS.filter((name) => !isUsable(document[name], String(document['issuer'])))
  const lacking = Object.entries(OFFERS).filter(([name, isEnough]) => {
    const offered = names.safeParse(document[name])
    return !offered.success || (offered.data !== undefined && !isEnough(offered.data))
  })
  return [
    ...missing.map((name) => `its document has no usable ${name}`),
    ...lacking.map(([name]) => `its document's ${name} has nothing that we can use`),
  ]
}

/** An issuer elsewhere must not lead us to what listens on this machine without TLS. */
function isUsable(endpoint: unknown, issuer: string): boolean {
  const url = typeof endpoint === 'string' ? URL.parse(endpoint) : null
  if (url === null || url.username !== '' || url.password !== '') return false
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && isLoopbackHost(url.hostname) && issuer.startsWith('http:')
}

/**
 * Counts the keys of a JWK set (RFC 7517 §5) with which the signature of an ID token can be checked.
 * @param body parsed JSON, whatever it is
 * @returns undefined where it is no key set
 */
export function countSigningKeys(body: unknown): number | undefined {
  const read = keySet.safeParse(body)
  return read.data?.keys.filter((key) => key.use !== 'enc' && isPublicKey(key)).length
}

function isPublicKey(key: Record<string, unknown>): boolean {
  try {
    return createPublicKey({ key, format: 'jwk' }).type === 'public'
  } catch {
    // Of a kind that Node does not know, or damaged: nothing can be checked with it.
    return false
  }
}
