import { OWN_ACCOUNTS } from '../config.ts'
import type { SignInNotice } from '../pages/flows/index.ts'
import { readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import type { Session } from '../store/index.ts'
import { isRecent } from './recent.ts'
import type { LoginRequest } from './context.ts'
import { issueHandOver } from './hand-over.ts'
import { offerFor, onlyProvider } from './offer.ts'
import { redirect } from './redirect.ts'
import { sessionFit } from './session-fit.ts'
import { showOffer } from './show-offer.ts'
import { readSignInQuery, signInQuery, type SignInQuery } from './sign-in-query.ts'

/** The page that offers a brand's ways to sign in; goes straight on where the browser is signed in already. */
export async function showSignIn(login: LoginRequest): Promise<Response> {
  const { context, brand, request } = login
  const query = readSignInQuery(context, brand.id, request)
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = query.switching ? undefined : await context.sessions.find(cookies.get(SESSION_COOKIE), brand.id)
  const onward = session && (await goOnWith(login, query, session))
  if (onward !== undefined) return redirect(onward)
  const notice = noticeFor(login, query, session, cookies.has(SESSION_COOKIE))
  const offer = offerFor(context.config, brand.config, query.request)
  const only = onlyProvider(offer)
  const isPlain = notice === undefined && !query.switching
  if (brand.config.autoRedirect && only !== undefined && isPlain)
    return redirect(`/sign-in/${only}${signInQuery(query)}`)
  return showOffer(login, query, { notice })
}

/** @returns where somebody who is signed in goes on to; nothing where they have to be asked */
async function goOnWith({ context }: LoginRequest, query: SignInQuery, session: Session): Promise<string | undefined> {
  const { request, next, fresh } = query
  const again = askAgain(query, session)
  if (!request) return fresh && !isRecent(session) ? again : (next ?? '/')
  switch (sessionFit(context, session, request)) {
    case 'fits':
      return issueHandOver(context, session.id, request)
    case 'needs_sign_in':
      return again
    case 'does_not_fit':
      return undefined
  }
}

/** There is nothing to choose: the same provider has to ask the same person once more. Of ways of our own, the page asks. */
function askAgain(query: SignInQuery, { identityProvider }: Session): string | undefined {
  if (identityProvider === OWN_ACCOUNTS) return undefined
  return `/sign-in/${identityProvider}${signInQuery({ ...query, switching: false })}`
}

/** Why somebody who was here before is asked again. */
function noticeFor(
  { context, request: { url } }: LoginRequest,
  { switching, request }: SignInQuery,
  session: Session | undefined,
  hadSession: boolean,
): SignInNotice | undefined {
  if (new URL(url).searchParams.get('done') === 'password') return 'password_set'
  if (switching) return undefined
  if (!session) return hadSession ? 'session_ended' : undefined
  const isOther = request && sessionFit(context, session, request) === 'does_not_fit'
  return isOther ? 'other_account' : 'confirm_it_is_you'
}
