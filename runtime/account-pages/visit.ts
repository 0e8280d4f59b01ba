import type { Actor } from '../accounts/index.ts'
import { isRecent, type LoginRequest, mayAdminister, redirect } from '../authenticate/index.ts'
import { goOnPage } from '../pages/flows/index.ts'
import { type Look, lookOf } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import type { AccountWithCredentials, Session } from '../store/index.ts'

/** Somebody who is signed in, at a page of their own account. */
export interface Visit extends LoginRequest {
  session: Session
  who: AccountWithCredentials
  look: Look
  /** Set-Cookie values that go with every page. */
  setCookies: readonly string[]
  actor: Actor
}

/** What a page asks of whoever opens it. */
export type Needs = 'signed_in' | 'recent_sign_in'

/**
 * Finds out whose page is asked for.
 * @returns the way to sign in, where nobody is signed in; a session whose account is gone, or suspended, ends here
 */
export async function visitOf(login: LoginRequest): Promise<Visit | Response> {
  const { context, brand, request, client } = login
  const cookie = readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE)
  const session = await context.sessions.find(cookie, brand.id)
  if (!session) return askToSignIn(login, [])
  const who = await context.accounts.find(brand.id, session.accountId)
  if (who?.account.status !== 'active') {
    await context.sessions.end(session)
    return askToSignIn(login, [SESSION_REMOVAL])
  }
  const actor = { id: who.account.id, address: client.known ? client.address : '' }
  return { ...login, session, who, ...lookOf(brand.config, request), actor }
}

/** Takes the session's cookie out of the browser. */
export const SESSION_REMOVAL = setCookie(SESSION_COOKIE, '', 0)

/**
 * What changes by what an account is signed in to wants a credential shown a moment ago.
 * @returns for a page, the way there and back; nothing where it is recent enough
 * @throws Refusal `recent_sign_in_required` for a form: what was typed is not carried over a sign-in
 */
export function askForRecentSignIn({ request, session }: Visit): Response | undefined {
  if (isRecent(session)) return undefined
  const { pathname } = new URL(request.url)
  const query = new URLSearchParams({ next: pathname, fresh: '1' })
  const location = `/sign-in?${query.toString()}`
  if (isRead(request)) return redirect(location)
  throw new Refusal('recent_sign_in_required', 'this change needs a recent sign-in', { retry: location })
}

/**
 * The ways of the gateway's own that somebody may set up. Where passwords are for emergencies, they and the passkey that belongs to
 * them are the administrators'.
 */
export function ownWays(visit: Visit): { password: boolean; passkeys: boolean } {
  const { password, passkeys } = visit.brand.config
  const isForEmergencies = password === 'break_glass' && mayAdminister(visit, visit.session)
  const hasAddress = visit.who.account.email !== ''
  return {
    password: (password === 'on' || isForEmergencies) && hasAddress,
    passkeys: passkeys || isForEmergencies,
  }
}

function askToSignIn({ brand, request }: LoginRequest, setCookies: readonly string[]): Response {
  const next = isRead(request) ? new URL(request.url).pathname : '/account'
  const href = `/sign-in?${new URLSearchParams({ next }).toString()}`
  if (isRead(request)) return redirect(href, [...setCookies])
  // Chromium holds the redirects that follow a form against its page's policy, and a sign-in may lead to any provider.
  return goOnPage(lookOf(brand.config, request).look, { href, setCookies })
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}
