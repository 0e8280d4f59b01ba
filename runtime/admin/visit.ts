import type { Actor } from '../accounts/index.ts'
import { isRecent, type LoginRequest, mayAdminister, redirect } from '../authenticate/index.ts'
import { type Look, lookOf } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import { ADMIN_PATH, withQuery } from './paths.ts'

/** How long after a sign-in somebody may administer at all, in milliseconds. */
const LONGEST_MS = 12 * 60 * 60_000
/** How long after showing a credential somebody may change something, in milliseconds. */
const RECENT_MS = 15 * 60_000

/** An administrator at one of the pages. */
export interface Visit extends LoginRequest {
  session: Session
  look: Look
  /** The administrator, for the audit log. */
  actor: Actor
  /** Address or name, to be shown. */
  name: string
  /** Whether something may be changed without signing in again. */
  isRecent: boolean
}

/**
 * Finds out whether an administrator asks. Everybody else learns no more than at any address that is not there.
 * @returns the way to sign in, where nobody is signed in, or too long ago
 * @throws Refusal `not_found` for whoever is no administrator
 */
export async function visitOf(login: LoginRequest): Promise<Visit | Response> {
  const { context, brand, request, client } = login
  if (!context.admins) throw notHere()
  const cookie = readOwnCookies(request.headers.get('cookie')).get(SESSION_COOKIE)
  const session = await context.sessions.find(cookie, brand.id)
  if (!session) return askToSignIn(request, 'anybody')
  if (!mayAdminister(login, session)) throw notHere()
  const now = Date.now()
  const { authentication, createdAt, person, accountId } = session
  if (now - Math.max(createdAt, authentication.time) > LONGEST_MS) return askToSignIn(request, 'again')
  // Sessions from before there were accounts.
  const id = accountId === '' ? person.id : accountId
  return {
    ...login,
    session,
    // These pages speak English; a choice of languages would promise others.
    look: { ...lookOf(brand.config, request).look, language: 'en', here: undefined },
    actor: { id, address: client.known ? client.address : '' },
    name: person.email || person.name || id,
    isRecent: isRecent(session, RECENT_MS),
  }
}

/**
 * Where an administrator shows a credential once more, and comes back.
 * @param page a path below `/admin`
 */
export function signInAgain(page: string): string {
  return withQuery('/sign-in', { next: page, fresh: '1' })
}

/** @throws Refusal `recent_sign_in_required` with the way to one, and back to `page` */
export function requireRecent(visit: Visit, page: string): void {
  if (visit.isRecent) return
  throw new Refusal('recent_sign_in_required', 'administering wants a recent sign-in', { retry: signInAgain(page) })
}

/** What a page that is not there says as well. */
export function notHere(): Refusal {
  return new Refusal('not_found', 'no such page at the login host')
}

/** @throws Refusal `sign_in_required` for a form, whose redirects a browser would hold against its page */
function askToSignIn({ method, url }: Request, who: 'anybody' | 'again'): Response {
  const isRead = method === 'GET' || method === 'HEAD'
  const next = isRead ? new URL(url).pathname : ADMIN_PATH
  const location = who === 'again' ? signInAgain(next) : withQuery('/sign-in', { next })
  if (isRead) return redirect(location)
  throw new Refusal('sign_in_required', 'the administrator’s session has ended', { retry: location })
}
