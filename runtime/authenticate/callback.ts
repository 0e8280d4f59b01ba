import type { BrandConfig } from '../config.ts'
import { Refusal } from '../refusal.ts'
import { digest, readOwnCookies, SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import type { AuthenticateContext } from './context.ts'
import { issueHandOver, sessionFits } from './hand-over.ts'
import { sealHandOverRequest } from './hand-over-request.ts'
import { personFromClaims } from './person.ts'
import type { Provider, SignInResult } from './provider.ts'
import { redirect } from './redirect.ts'
import { signInQuery } from './sign-in.ts'
import { findTransaction, type Transaction } from './transaction.ts'

/** Longer than a transaction lives, so that a used `state` is remembered for as long as its cookie could come back. */
const REMEMBER_STATE_MS = 20 * 60_000

/**
 * The way back from a provider: this browser began it, here, with this provider, not long ago, and it is used once.
 * @throws Refusal `sign_in_expired`, and what the provider's checks throw
 */
export async function finishSignIn(
  context: AuthenticateContext,
  brandId: string,
  brand: BrandConfig,
  providerId: string,
  request: Request,
): Promise<Response> {
  const { searchParams, search } = new URL(request.url)
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const states = searchParams.getAll('state')
  const expected = { state: states[0] ?? '', brand: brandId, identityProvider: providerId }
  const found = states.length === 1 ? findTransaction(context.sealer, cookies, expected) : undefined
  const provider = brand.identityProviders.includes(providerId) ? context.providers.get(providerId) : undefined
  // HEAD would use the sign-in up and show nobody its answer.
  if (!found || !provider || request.method !== 'GET') {
    throw new Refusal('sign_in_expired', 'this browser has no such sign-in under way', { retry: '/sign-in' })
  }
  if (!(await context.store.useOnce(`state:${digest(expected.state)}`, Date.now() + REMEMBER_STATE_MS))) {
    throw new Refusal('sign_in_expired', 'the callback was used before', { retry: '/sign-in' })
  }
  const result = await redeem(context, provider, brand, search, found.transaction)
  return startSession(context, found, provider, result, cookies.get(SESSION_COOKIE))
}

async function redeem(
  context: AuthenticateContext,
  provider: Provider,
  brand: BrandConfig,
  search: string,
  transaction: Transaction,
): Promise<SignInResult> {
  try {
    return await provider.finishSignIn(brand.url, search, transaction.checks)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const sealed = transaction.request && sealHandOverRequest(context.sealer, transaction.request)
    // Another person may be meant, unless it was only the client that changed meanwhile.
    const retry = `/sign-in${signInQuery(sealed, error.code !== 'sign_in_expired')}`
    throw new Refusal(error.code, error.message, { cause: error.cause, retry })
  }
}

async function startSession(
  context: AuthenticateContext,
  { transaction, removal }: { transaction: Transaction; removal: string },
  provider: Provider,
  { claims, tokens }: SignInResult,
  previousCookie: string | undefined,
): Promise<Response> {
  const { config, sessions } = context
  const newSession = {
    brand: transaction.brand,
    identityProvider: provider.id,
    issuer: provider.config.issuer,
    subject: claims.sub,
    sid: typeof claims['sid'] === 'string' ? claims['sid'] : undefined,
    person: personFromClaims(claims, provider.config),
    tokens,
  }
  const cookie = await sessions.start(newSession, previousCookie)
  const setCookies = [removal, setCookie(SESSION_COOKIE, cookie, config.session.absoluteSeconds)]
  const session = await sessions.find(cookie, transaction.brand)
  const { request } = transaction
  if (!session || !request || !sessionFits(context, session, request)) return redirect('/', setCookies)
  return redirect(await issueHandOver(context, session.id, request), setCookies)
}
