import type { BrandConfig, RouteConfig } from '../config.ts'
import { pageHeaders, signInPage } from '../pages/index.ts'
import type { SignInWishes } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { digest, readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import type { AuthenticateContext } from './context.ts'
import { issueHandOver } from './hand-over.ts'
import { type HandOverRequest, openHandOverRequest, requestedAddress, requestedRoute } from './hand-over-request.ts'
import { redirect } from './redirect.ts'
import { sessionFit } from './session-fit.ts'
import { keepTransaction } from './transaction.ts'

/** A longer one is no name that anybody signs in with (RFC 5321 §4.5.3.1.3). */
const MAX_LOGIN_HINT = 254

/** Query of both pages. */
interface SignInQuery {
  /** What the sign-in is for, as it came. */
  sealed: string | undefined
  request: HandOverRequest | undefined
  /** Another person is asked for than the one signed in. */
  switching: boolean
  /** Who is expected, for the provider to fill in (OpenID Connect Core §3.1.2.1). */
  loginHint: string | undefined
}

/** The page that offers a brand's identity providers; goes straight on where the browser is signed in already. */
export async function showSignIn(context: AuthenticateContext, brandId: string, brand: BrandConfig, request: Request) {
  const query = readQuery(context, brandId, request)
  const { sealed, switching, loginHint } = query
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = switching ? undefined : await context.sessions.find(cookies.get(SESSION_COOKIE), brandId)
  if (session && !query.request) return redirect('/')
  const fit = session && query.request ? sessionFit(context, session, query.request) : 'does_not_fit'
  if (session && query.request && fit === 'fits') {
    return redirect(await issueHandOver(context, session.id, query.request))
  }
  // There is nothing to choose: the same provider has to ask the same person once more.
  if (session && fit === 'needs_sign_in') {
    return redirect(`/sign-in/${session.identityProvider}${signInQuery(sealed, false, loginHint)}`)
  }
  const route = query.request && requestedRoute(context.config, query.request)
  const offered = brand.identityProviders.filter((id) => !route || route.config.identityProviders.includes(id))
  const notice = noticeFor(
    switching ? 'switching' : session ? 'signed_in' : cookies.has(SESSION_COOKIE) ? 'ended' : 'new',
  )
  const page = signInPage({
    brandName: brand.name,
    ...(route ? { destination: new URL(route.origin).hostname } : {}),
    ...(notice === undefined ? {} : { notice }),
    providers: offered.map((id) => ({
      id,
      buttonText: context.config.identityProviders[id]?.buttonText ?? id,
      href: `/sign-in/${id}${signInQuery(sealed, switching, loginHint)}`,
    })),
  })
  return new Response(page, { headers: pageHeaders({}) })
}

/** Why somebody who was here before is asked again. */
function noticeFor(who: 'new' | 'switching' | 'signed_in' | 'ended'): string | undefined {
  if (who === 'ended') return 'Your session has ended. Sign in again to go on.'
  return who === 'signed_in' ? 'You are signed in, but this app takes other accounts. Choose one of these.' : undefined
}

/** Sends the browser to a provider, with a transaction to answer to. */
export async function beginSignIn(
  context: AuthenticateContext,
  brandId: string,
  brand: BrandConfig,
  providerId: string,
  request: Request,
): Promise<Response> {
  const query = readQuery(context, brandId, request)
  const provider = brand.identityProviders.includes(providerId) ? context.providers.get(providerId) : undefined
  if (!provider) throw new Refusal('not_found', 'no such identity provider at this brand')
  const route = query.request && requestedRoute(context.config, query.request)
  const { url, checks } = await provider.beginSignIn(brand.url, signInWishes(route?.config, query))
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = cookies.get(SESSION_COOKIE)
  const replaces = session === undefined ? {} : { replaces: digest(session) }
  const transaction = { brand: brandId, identityProvider: providerId, checks, request: query.request, ...replaces }
  return redirect(url.href, keepTransaction(context.sealer, provider.config.responseMode, transaction, cookies))
}

/** What the provider is asked for beside a person: what the route wants of a sign-in, and what the person said. */
function signInWishes(
  route: Pick<RouteConfig, 'signIn'> | undefined,
  { switching, loginHint }: Pick<SignInQuery, 'switching' | 'loginHint'>,
): SignInWishes {
  const { maxAgeSeconds, acr } = route?.signIn ?? {}
  return {
    ...(switching ? { prompt: 'login' } : {}),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(acr === undefined ? {} : { acrValues: acr }),
  }
}

/** @returns the query string that both sign-in pages read, empty where there is nothing to say */
export function signInQuery(sealedRequest: string | undefined, switching: boolean, loginHint?: string): string {
  const query = new URLSearchParams()
  if (sealedRequest !== undefined) query.set('request', sealedRequest)
  if (switching) query.set('switch', '1')
  if (loginHint !== undefined) query.set('login_hint', loginHint)
  return query.size > 0 ? `?${query.toString()}` : ''
}

function readQuery({ sealer, config }: AuthenticateContext, brandId: string, request: Request): SignInQuery {
  const { searchParams } = new URL(request.url)
  const sealed = searchParams.get('request') ?? undefined
  const opened = sealed === undefined ? undefined : openHandOverRequest(sealer, sealed, brandId)
  if (sealed !== undefined && !opened) {
    const retry = requestedAddress(sealer, config, sealed, brandId)
    throw new Refusal('sign_in_expired', 'the hand-over request cannot be opened', { retry })
  }
  const switching = searchParams.get('switch') === '1'
  return { sealed, request: opened, switching, loginHint: readLoginHint(searchParams) }
}

/** A hint that nobody could have typed is left out: the sign-in works without. */
function readLoginHint(query: URLSearchParams): string | undefined {
  const hint = query.get('login_hint')?.trim() ?? ''
  return hint === '' || hint.length > MAX_LOGIN_HINT || /\p{C}/u.test(hint) ? undefined : hint
}
