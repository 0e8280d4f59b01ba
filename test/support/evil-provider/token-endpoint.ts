import { createHash } from 'node:crypto'

import type { Bends, Json } from './bends.ts'
import type { Claims, SigningKey } from './keys.ts'
import type { Answered } from './wire.ts'
import { watchToken } from '../issued-tokens.ts'

/** What a token endpoint works with. */
export interface TokenEndpointParts {
  issuer: string
  key: SigningKey
  bends: Bends
  /** Authorization requests by their codes; a code is good once. */
  requests: Map<string, URLSearchParams>
}

/** Tokens for codes, and for refresh tokens that rotate: `refresh-token-0`, `refresh-token-1`… */
export interface TokenEndpoint {
  answer(body: URLSearchParams): Promise<Answered>
  reset(): void
}

export function createTokenEndpoint({ issuer, key, bends, requests }: TokenEndpointParts): TokenEndpoint {
  let refreshed = 0

  async function redeem(body: URLSearchParams): Promise<Answered> {
    const code = body.get('code') ?? ''
    const asked = requests.get(code)
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    if (!asked || (bends.checksPkce && challenge !== asked.get('code_challenge'))) return INVALID_GRANT
    requests.delete(code)
    return { json: bends.grant(await tokens(body, { nonce: asked.get('nonce') ?? undefined })) }
  }

  async function refresh(body: URLSearchParams): Promise<Answered> {
    if (body.get('refresh_token') !== `refresh-token-${refreshed}`) return INVALID_GRANT
    refreshed += 1
    return { json: bends.refresh(await tokens(body, {})) }
  }

  async function tokens(body: URLSearchParams, more: Claims): Promise<Json> {
    const access = watchToken(`access-token-${refreshed}`)
    const now = Math.floor(Date.now() / 1000)
    const about = { iss: issuer, aud: body.get('client_id'), iat: now, exp: now + 300, at_hash: accessHash(access) }
    const id_token = await bends.idToken(bends.claims({ ...bends.person, ...about, ...more }), key)
    // A bent one may be anything, also nothing.
    if (id_token.length > 64) watchToken(id_token)
    const refresh_token = watchToken(`refresh-token-${refreshed}`)
    return { access_token: access, refresh_token, token_type: 'Bearer', expires_in: 300, id_token }
  }

  return {
    answer: (body) => (body.get('grant_type') === 'refresh_token' ? refresh(body) : redeem(body)),
    reset: () => (refreshed = 0),
  }
}

const INVALID_GRANT: Answered = { status: 400, json: { error: 'invalid_grant' } }

/** OpenID Connect Core §3.1.3.6, for RS256. */
function accessHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
}
