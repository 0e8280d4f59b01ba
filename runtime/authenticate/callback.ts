import type { BrandConfig } from '../config.ts'
import type { Provider, SignInResult } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { digest, meetsSignIn, readOwnCookies, SESSION_COOKIE, setCookie } from '../sessions/index.ts'
import { keepsNoCookies } from './binding.ts'
import type { AuthenticateContext } from './context.ts'
import { issueHandOver } from './hand-over.ts'
import { requestedRoute, sealHandOverRequest } from './hand-over-request.ts'
import { readPostedForm } from './posted-form.ts'
import { redirect } from './redirect.ts'
import { sessionFit } from './session-fit.ts'
import { signInQuery } from './sign-in.ts'
import { findTransaction, type Transaction } from './transaction.ts'

/** Longer than a transaction lives, so that a used `state` is remembered for as long as its cookie could come back. */
const REMEMBER_STATE_MS = 20 * 60_000

/** The answer as a provider takes it, with the `state` values in it. */
type Answer = Parameters<Provider['finishSignIn']>[1]

/**
 * The way back from a provider: this browser began it, here, with this provider, not long ago, and it is used once.
 * @throws Refusal `sign_in_expired`, `cookies_blocked`, `request_malformed`, and what the provider's checks throw
 */
export async function finishSignIn(
  context: AuthenticateContext,
  brandId: string,
  brand: BrandConfig,
  providerId: string,
  request: Request,
): Promise<Response> {
  const provider = brand.identityProviders.includes(providerId) ? context.providers.get(providerId) : undefined
  if (!provider) throw new Refusal('sign_in_expired', 'this brand has no such provider', { retry: '/sign-in' })
  const { answer, states } = await readAnswer(provider, request)
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const expected = { state: states[0] ?? '', brand: brandId, identityProvider: providerId }
  const channel = provider.config.responseMode
  const found = states.length === 1 ? findTransaction(context.sealer, channel, cookies, expected) : undefined
  if (!found) {
    const code = keepsNoCookies(cookies) ? 'cookies_blocked' : 'sign_in_expired'
    throw new Refusal(code, 'this browser has no such sign-in under way', { retry: '/sign-in' })
  }
  if (!(await context.store.useOnce(`state:${digest(expected.state)}`, Date.now() + REMEMBER_STATE_MS))) {
    const retry = `/sign-in${requestQuery(context, found.transaction, false)}`
    throw new Refusal('sign_in_expired', 'the callback was used before', { retry })
  }
  const result = await redeem(context, provider, brand, answer, found.transaction)
  return startSession(context, found, provider, result, cookies.get(SESSION_COOKIE))
}

/** An answer counts on the one way that we asked for; and HEAD would use the sign-in up and show nobody its answer. */
async function readAnswer(provider: Provider, request: Request): Promise<{ answer: Answer; states: string[] }> {
  const expected = provider.config.responseMode === 'form_post' ? 'POST' : 'GET'
  if (request.method !== expected) {
    throw new Refusal('request_malformed', `the answer of ${provider.id} comes by ${expected}`, { retry: '/sign-in' })
  }
  if (expected === 'POST') {
    const form = await readPostedForm(request)
    return { answer: { form }, states: form.getAll('state') }
  }
  const { search, searchParams } = new URL(request.url)
  return { answer: { query: search }, states: searchParams.getAll('state') }
}

async function redeem(
  context: AuthenticateContext,
  provider: Provider,
  brand: BrandConfig,
  answer: Answer,
  transaction: Transaction,
): Promise<SignInResult> {
  try {
    const result = await provider.finishSignIn(brand.url, answer, transaction.checks)
    const route = transaction.request && requestedRoute(context.config, transaction.request)
    // Without it the app's host would ask for the same again, and again.
    if (route && !meetsSignIn(result, route.config, Date.now())) {
      throw new Refusal('step_up_failed', `${provider.id} did not sign the person in as the route wants it`)
    }
    await context.limits.account(result.issuer, result.subject)
    return result
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Another person may be meant, unless it was only the client that changed meanwhile, or too many came at once.
    const switching = error.code !== 'sign_in_expired' && error.code !== 'rate_limited'
    const retry = `/sign-in${requestQuery(context, transaction, switching)}`
    const { code, message, cause, retryAfterSeconds } = error
    throw new Refusal(code, message, {
      cause,
      retry,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    })
  }
}

/** What the sign-in was for, for one more try. */
function requestQuery({ sealer }: AuthenticateContext, { request }: Transaction, switching: boolean): string {
  return signInQuery(request && sealHandOverRequest(sealer, request), switching)
}

async function startSession(
  context: AuthenticateContext,
  { transaction, removal }: { transaction: Transaction; removal: string },
  provider: Provider,
  result: SignInResult,
  previousCookie: string | undefined,
): Promise<Response> {
  const { config, sessions } = context
  const { issuer, subject, sid, person, authentication, tokens, accessExpiresAt } = result
  const about = {
    brand: transaction.brand,
    identityProvider: provider.id,
    issuer,
    subject,
    sid,
    person,
    authentication,
  }
  const replaces = previousCookie === undefined ? transaction.replaces : digest(previousCookie)
  const cookie = await sessions.start({ ...about, tokens, accessExpiresAt }, replaces)
  const setCookies = [removal, setCookie(SESSION_COOKIE, cookie, config.session.absoluteSeconds)]
  const session = await sessions.find(cookie, transaction.brand)
  const { request } = transaction
  if (!session || !request || sessionFit(context, session, request) !== 'fits') return redirect('/', setCookies)
  return redirect(await issueHandOver(context, session.id, request), setCookies)
}
