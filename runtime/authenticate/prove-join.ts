import { isInDomains, type Provider, type SignInResult } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { AccountWithCredentials } from '../store/index.ts'
import type { LoginRequest } from './context.ts'
import { joinHref } from './pending-join.ts'
import { providerAt } from './provider-at.ts'
import { single } from './single-value.ts'
import type { Onward } from './start-session.ts'
import { type Asker, pendingJoin, STEP_LIFETIME_MS } from './steps/index.ts'

type JoinStep = NonNullable<Awaited<ReturnType<typeof pendingJoin.find>>>

/** A pending link of this browser, with what it is about. */
export interface FoundJoin {
  step: JoinStep
  existing: AccountWithCredentials
  /** By which the person has just signed in. */
  provider: Provider
}

/** @throws Refusal `link_invalid` when this browser has none, or what it is about is gone */
export function findJoin(login: LoginRequest): Promise<FoundJoin> {
  const { request } = login
  return findJoinBy(login, single(new URL(request.url).searchParams, 'step') ?? null, request)
}

async function findJoinBy({ context, brand }: LoginRequest, value: string | null, asker: Asker): Promise<FoundJoin> {
  const step = await pendingJoin.find(context, brand.id, value, asker)
  const provider = step && providerAt(context, brand, step.payload.arrival.identityProvider)
  const existing = step && (await context.accounts.find(brand.id, step.payload.existingId))
  if (!provider || !existing) {
    throw new Refusal('link_invalid', 'this browser has no such pending link', { retry: '/sign-in' })
  }
  if (existing.account.status === 'suspended') {
    throw new Refusal('account_suspended', 'the account that was to be joined is suspended')
  }
  return { step, existing, provider }
}

/** Notes that the existing account was shown to be theirs: the step begins anew, under another value. @returns that */
export async function proveJoin(
  { context, brand }: LoginRequest,
  { step, existing }: FoundJoin,
  provenBy: string,
): Promise<string> {
  const taken = await pendingJoin.take(context, brand.id, step.value, 'known_browser')
  if (!taken) throw new Refusal('link_invalid', 'the pending link was used before', { retry: '/sign-in' })
  return pendingJoin.keep(context, {
    brand: brand.id,
    payload: { ...taken.payload, provenBy },
    accountId: existing.account.id,
    bindingHash: taken.bindingHash,
    expiresAt: Date.now() + STEP_LIFETIME_MS.pendingJoin,
  })
}

/**
 * Takes a sign-in at a provider as the proof. It must be by an identity of the very account; nobody is signed in by it.
 * @throws Refusal `link_invalid`; `other_person`, naming both, when it is somebody else's
 */
export async function proveByProvider(
  login: LoginRequest,
  provider: Provider,
  result: SignInResult,
  value: string,
): Promise<Onward> {
  // This browser has shown, on the way to the provider, that the step is its own.
  const found = await findJoinBy(login, value, 'known_browser')
  const { identities, account } = found.existing
  const { issuer, subject } = result.identity
  const isIts = identities.some((one) => one.issuer === issuer && one.subject === subject)
  if (isIts && !isInDomains(result.claimedEmail, provider.config)) {
    throw new Refusal('email_refused', 'the proof is of an address outside of the domains', { retry: joinHref(value) })
  }
  if (!isIts) {
    throw new Refusal('other_person', 'the proof is of another account', {
      retry: joinHref(value),
      details: { expected: account.email, signedIn: result.claimedEmail || result.person.name },
    })
  }
  return { location: joinHref(await proveJoin(login, found, provider.id)), setCookies: [] }
}
