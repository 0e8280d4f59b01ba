import type { Provider, SignInResult } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import { sendToProvider } from './begin-sign-in.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { ACCOUNT_SECURITY_PATH } from './notices.ts'
import { isRecent } from './recent.ts'
import type { Onward } from './start-session.ts'
import type { Purpose } from './transaction.ts'
import { addressOf } from './who-asks.ts'

/** Where somebody signs in once more before they change what their account is signed in to by. */
export const CONFIRM_IT_IS_YOU = `/sign-in?next=${encodeURIComponent(ACCOUNT_SECURITY_PATH)}&fresh=1`

/**
 * Sends somebody who is signed in to a provider that they want to connect to their account. The caller has checked the form's
 * Origin.
 * @param session of this browser
 * @throws Refusal `recent_sign_in_required`, `not_found`, and what the provider throws
 */
export async function beginConnect(login: LoginRequest, session: Session, providerId: string): Promise<Response> {
  if (!isRecent(session)) {
    throw new Refusal('recent_sign_in_required', 'connecting needs a recent sign-in', { retry: CONFIRM_IT_IS_YOU })
  }
  const purpose: Purpose = { kind: 'connect', accountId: session.accountId, sessionId: session.id }
  // Whoever is signed in there already may be somebody else: they are asked.
  const query = { request: undefined, switching: true, next: ACCOUNT_SECURITY_PATH }
  return goOn(login, await sendToProvider(login, providerId, query, purpose))
}

/**
 * Joins the identity to the account whose person began it, if they are still signed in.
 * @throws Refusal `sign_in_expired`, `identity_in_use`, and what `Accounts.link` throws
 */
export async function finishConnect(
  { context, brand, client }: LoginRequest,
  provider: Provider,
  result: SignInResult,
  { accountId, sessionId }: Extract<Purpose, { kind: 'connect' }>,
): Promise<Onward> {
  const session = await context.store.findSession(sessionId)
  if (session?.accountId !== accountId || session.brand !== brand.id || Date.now() >= session.expiresAt) {
    throw new Refusal('sign_in_expired', 'the session that began it has ended', { retry: CONFIRM_IT_IS_YOU })
  }
  const actor = { id: accountId, address: addressOf(client) }
  const { outcome } = await context.accounts.link(brand, accountId, provider, result, actor)
  if (outcome === 'in_use') {
    throw new Refusal('identity_in_use', 'the identity is another account’s', { retry: ACCOUNT_SECURITY_PATH })
  }
  // What the account is signed in to by has changed: whoever knew the old id knows nothing now.
  const cookie = outcome === 'linked' ? await context.sessions.renew(sessionId) : undefined
  const setCookies =
    cookie === undefined ? [] : [setCookie(SESSION_COOKIE, cookie, context.config.session.absoluteSeconds)]
  const query = new URLSearchParams({ connected: provider.id })
  return { location: `${ACCOUNT_SECURITY_PATH}?${query.toString()}`, setCookies }
}
