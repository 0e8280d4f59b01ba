import { Refusal } from '../refusal.ts'
import { digest, newOpaqueValue } from '../sessions/index.ts'
import type { AuthenticateContext } from './context.ts'
import { readPostedForm } from './posted-form.ts'

/** How long ending sessions may take, in milliseconds; until then nobody else may use the same token. */
const ATTEMPT_MS = 15_000

/**
 * An identity provider tells that a session of its own has ended (OpenID Connect Back-Channel Logout 1.0 §2.5). Its signed
 * token is all that counts: neither Origin nor cookies. Every brand's login host takes it, for the sessions of all.
 * @returns 200 also when nothing of it was left here; 400 in JSON, as §2.8 wants it, for what does not pass
 * @throws what the store throws
 */
export async function endByBackChannel(
  context: AuthenticateContext,
  providerId: string,
  request: Request,
): Promise<Response> {
  try {
    const ended = await endByToken(context, providerId, request)
    context.log.info({ identityProvider: providerId, ended }, 'The provider ended sessions')
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message } = error
    context.log.warn({ identityProvider: providerId, code, reason: message }, 'A logout token was refused')
    return Response.json({ error: 'invalid_request' }, { status: 400, headers: { 'cache-control': 'no-store' } })
  }
}

/** @throws Refusal for whatever does not pass */
async function endByToken(context: AuthenticateContext, providerId: string, request: Request): Promise<number> {
  const provider = context.providers.get(providerId)
  if (!provider) throw new Refusal('logout_token_invalid', 'there is no such provider')
  const token = (await readPostedForm(request)).get('logout_token')
  if (token === null) throw new Refusal('logout_token_invalid', 'there is no logout_token')
  const { issuer, who, jti, expiresAt } = await provider.verifyLogoutToken(token)
  // A lease and not `useOnce`: where the store fails before the end, the provider's next attempt must count.
  const [name, holder] = [`logout:${digest(JSON.stringify([issuer, jti]))}`, newOpaqueValue()]
  if (!(await context.store.holdLease(name, holder, Date.now(), Date.now() + ATTEMPT_MS))) {
    throw new Refusal('logout_token_invalid', 'the token was used before')
  }
  const ended = await context.sessions.endOf(issuer, who)
  await context.store.holdLease(name, holder, Date.now(), expiresAt)
  return ended
}
