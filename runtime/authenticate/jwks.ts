import type { AuthenticateContext } from './context.ts'

/** Seconds that apps may keep our keys for: a new one is shown for longer before it signs. */
const MAX_AGE = 300

/**
 * The keys that apps verify assertions by.
 * @see RFC 7517 §5
 */
export function answerJwks({ signer }: Pick<AuthenticateContext, 'signer'>): Response {
  return Response.json(signer.jwks, { headers: { 'cache-control': `public, max-age=${MAX_AGE}` } })
}
