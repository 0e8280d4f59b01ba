import type { RouteConfig } from '../config.ts'
import { normalizeEmail, type SignInWishes } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { digest, readOwnCookies, SESSION_COOKIE } from '../sessions/index.ts'
import type { LoginRequest } from './context.ts'
import { requestedRoute } from './hand-over-request.ts'
import { providerAt } from './provider-at.ts'
import { RECENT_MS } from './recent.ts'
import { redirect } from './redirect.ts'
import { readSignInQuery, type SignInQuery } from './sign-in-query.ts'
import { single } from './single-value.ts'
import type { Onward } from './start-session.ts'
import { invitation, pendingJoin } from './steps/index.ts'
import { keepTransaction, type Purpose } from './transaction.ts'

/** Parameters of steps that somebody goes on with by signing in at a provider. */
export const JOIN_PARAMETER = 'join'
export const INVITATION_PARAMETER = 'invitation'

/** Sends the browser to a provider, with a transaction to answer to. @throws Refusal `not_found`, `link_invalid`, and what the provider throws */
export async function beginSignIn(login: LoginRequest, providerId: string): Promise<Response> {
  const { context, brand, request } = login
  const query = readSignInQuery(context, brand.id, request)
  const purpose = await readPurpose(login)
  const { location, setCookies } = await sendToProvider(login, providerId, query, purpose)
  return redirect(location, setCookies)
}

/** @returns where the provider asks, and the cookies that keep what its answer has to fit */
export async function sendToProvider(
  { context, brand, request }: LoginRequest,
  providerId: string,
  query: SignInQuery,
  purpose?: Purpose,
): Promise<Onward> {
  const provider = providerAt(context, brand, providerId)
  if (!provider) throw new Refusal('not_found', 'no such identity provider at this brand')
  const route = query.request && requestedRoute(context.config, query.request)
  const { url, checks } = await provider.beginSignIn(brand.config.url, signInWishes(route?.config, query))
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const session = cookies.get(SESSION_COOKIE)
  const transaction = {
    brand: brand.id,
    identityProvider: providerId,
    checks,
    request: query.request,
    next: query.next,
    purpose,
    ...(query.fresh ? { fresh: true } : {}),
    expectedEmail: query.holdsToHint ? normalizeEmail(query.loginHint) : undefined,
    ...(session === undefined ? {} : { replaces: digest(session) }),
  }
  const setCookies = keepTransaction(context.sealer, provider.config.responseMode, transaction, cookies)
  return { location: url.href, setCookies }
}

/** What the provider is asked for beside a person: what the route wants of a sign-in, and what the person said. */
function signInWishes(
  route: Pick<RouteConfig, 'signIn'> | undefined,
  { switching, loginHint, fresh }: SignInQuery,
): SignInWishes {
  const { acr, maxAgeSeconds } = route?.signIn ?? {}
  return {
    ...(switching || fresh ? { prompt: 'login' } : {}),
    // Asked for an age, a provider has to say when (OpenID Connect Core §2, `auth_time`).
    ...(fresh ? { askedAgeSeconds: RECENT_MS / 1_000 } : {}),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(acr === undefined ? {} : { acrValues: acr }),
  }
}

/** A step that is over is told at once, and not after the way to the provider. */
async function readPurpose({ context, brand, request }: LoginRequest): Promise<Purpose | undefined> {
  const { searchParams } = new URL(request.url)
  const step = single(searchParams, JOIN_PARAMETER)
  const ticket = single(searchParams, INVITATION_PARAMETER)
  if (step !== undefined) {
    const found = await pendingJoin.find(context, brand.id, step, request)
    if (!found) throw new Refusal('link_invalid', 'the pending link is over', { retry: '/sign-in' })
    return { kind: 'prove_account', step }
  }
  if (ticket === undefined) return undefined
  const found = await invitation.find(context, brand.id, ticket, request)
  if (!found) throw new Refusal('link_invalid', 'the invitation is over', { retry: '/sign-in' })
  return { kind: 'accept_invitation', ticket }
}
