import { normalizeEmail, type Provider, type SignInResult } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { digest, readOwnCookies } from '../sessions/index.ts'
import { acceptByProvider } from './invitation.ts'
import { keepsNoCookies } from './binding.ts'
import { finishConnect } from './connect.ts'
import type { AuthenticateContext, LoginRequest } from './context.ts'
import { INVITATION_PATH } from './invite.ts'
import { letIn, withRetry } from './let-in.ts'
import { ACCOUNT_SECURITY_PATH } from './notices.ts'
import { joinHref } from './pending-join.ts'
import { readPostedForm } from './posted-form.ts'
import { proveByProvider } from './prove-join.ts'
import { providerAt } from './provider-at.ts'
import { isRecent } from './recent.ts'
import { redirect } from './redirect.ts'
import { retryQuery } from './retry-query.ts'
import { type Onward, requireAsWanted } from './start-session.ts'
import { findTransaction, type Transaction } from './transaction.ts'

/** Longer than a transaction lives, so that a used `state` is remembered for as long as its cookie could come back. */
const REMEMBER_STATE_MS = 20 * 60_000

/** The answer as a provider takes it, with the `state` values in it. */
type Answer = Parameters<Provider['finishSignIn']>[1]

/**
 * The way back from a provider: this browser began it, here, with this provider, not long ago, and it is used once.
 * @throws Refusal `sign_in_expired`, `cookies_blocked`, `request_malformed`, `other_person`, and what the provider's checks and
 *   the account's throw
 */
export async function finishSignIn(login: LoginRequest, providerId: string): Promise<Response> {
  const { context, brand, request } = login
  const provider = providerAt(context, brand, providerId)
  if (!provider) throw new Refusal('sign_in_expired', 'this brand has no such provider', { retry: '/sign-in' })
  const { answer, states } = await readAnswer(provider, request)
  const cookies = readOwnCookies(request.headers.get('cookie'))
  const expected = { state: states[0] ?? '', brand: brand.id, identityProvider: providerId }
  const channel = provider.config.responseMode
  const found = states.length === 1 ? findTransaction(context.sealer, channel, cookies, expected) : undefined
  if (!found) {
    const code = keepsNoCookies(cookies) ? 'cookies_blocked' : 'sign_in_expired'
    throw new Refusal(code, 'this browser has no such sign-in under way', { retry: '/sign-in' })
  }
  const { transaction, removal } = found
  if (!(await context.store.useOnce(`state:${digest(expected.state)}`, Date.now() + REMEMBER_STATE_MS))) {
    const retry = `/sign-in${retryQuery(context, transaction, false)}`
    throw new Refusal('sign_in_expired', 'the callback was used before', { retry })
  }
  const result = await redeem(context, provider, brand.config.url, answer, transaction)
  const { location, setCookies } = await goOnBy(login, provider, result, transaction)
  return redirect(location, [removal, ...setCookies])
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
  loginUrl: string,
  answer: Answer,
  transaction: Transaction,
): Promise<SignInResult> {
  try {
    const result = await provider.finishSignIn(loginUrl, answer, transaction.checks)
    // Without it the app's host would ask for the same again, and again.
    if (!transaction.purpose) requireAsWanted(context, result, transaction)
    if (transaction.fresh && !isRecent({ ...result, createdAt: Date.now() })) {
      throw new Refusal('step_up_failed', `${provider.id} did not ask the person for a credential`)
    }
    await context.limits.account(result.issuer, result.subject)
    return result
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Another person may be meant, unless it was only the client that changed meanwhile, or too many came at once.
    const switching = error.code !== 'sign_in_expired' && error.code !== 'rate_limited'
    const { code, message, cause, retryAfterSeconds } = error
    throw new Refusal(code, message, {
      cause,
      retry: retryOf(context, transaction, switching),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    })
  }
}

/** What the sign-in was for. */
async function goOnBy(
  login: LoginRequest,
  provider: Provider,
  result: SignInResult,
  transaction: Transaction,
): Promise<Onward> {
  const { purpose, request, next, replaces } = transaction
  const arrival = { identityProvider: provider.id, result, destination: { request, next, replaces } }
  switch (purpose?.kind) {
    case undefined:
      requireExpected(login.context, result, transaction)
      return letIn(login, provider, arrival)
    case 'prove_account':
      return proveByProvider(login, provider, result, purpose.step)
    case 'accept_invitation':
      return withRetry('/sign-in', () => acceptByProvider(login, arrival, purpose.ticket))
    case 'connect':
      return finishConnect(login, provider, result, purpose)
  }
}

/**
 * Whoever typed one address and comes back with another signed in as somebody else than they meant. A user name counts as well:
 * at some providers it is an address of its own.
 * @throws Refusal `other_person`, naming both
 */
function requireExpected(
  context: AuthenticateContext,
  { claimedEmail, profile }: SignInResult,
  transaction: Transaction,
): void {
  const { expectedEmail: expected } = transaction
  if (expected === undefined || claimedEmail === '' || claimedEmail === expected) return
  if (normalizeEmail(profile.username) === expected) return
  const retry = `/sign-in${retryQuery(context, transaction, true, { loginHint: expected })}`
  throw new Refusal('other_person', 'another person came back than was asked for', {
    retry,
    details: { expected, signedIn: claimedEmail },
  })
}

/** Where another try begins: at the step that the sign-in was a part of, or at the sign-in page. */
function retryOf(context: AuthenticateContext, transaction: Transaction, switching: boolean): string {
  const { purpose } = transaction
  switch (purpose?.kind) {
    case 'prove_account':
      return joinHref(purpose.step)
    case 'accept_invitation':
      return `${INVITATION_PATH}?${new URLSearchParams({ ticket: purpose.ticket }).toString()}`
    case 'connect':
      return ACCOUNT_SECURITY_PATH
    case undefined:
      return `/sign-in${retryQuery(context, transaction, switching)}`
  }
}
