import type { Verified } from '../accounts/index.ts'
import type { Provider } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { Arrival } from './arrival.ts'
import type { LoginRequest } from './context.ts'
import { keepLastUsed } from './last-used.ts'
import { awaitAddress } from './pending-address.ts'
import { awaitProof } from './pending-join.ts'
import { retryQuery } from './retry-query.ts'
import { type Onward, startSession } from './start-session.ts'
import { addressOf } from './who-asks.ts'

/**
 * Lets somebody in whom a provider has signed in, or finds out what they have to do before.
 * @param verified what they did about their address since
 * @returns where the browser goes on to: the app, the page that waits for a mail, or the one that asks for another account
 * @throws Refusal of `Accounts.admit`, with the way to another try
 */
export async function letIn(
  login: LoginRequest,
  provider: Provider,
  arrival: Arrival,
  verified: Verified = {},
): Promise<Onward> {
  const { context, brand, client } = login
  const actor = { id: 'system', address: addressOf(client) }
  const admittance = await withRetry(`/sign-in${retryQuery(context, arrival.destination, true)}`, () =>
    context.accounts.admit(brand, provider, arrival.result, verified, actor),
  )
  switch (admittance.outcome) {
    case 'verify_email':
      return awaitAddress(login, provider, arrival, admittance)
    case 'confirm_link':
      return awaitProof(login, arrival, admittance, verified)
    case 'signed_in': {
      const { issuer, subject, sid, authentication, tokens, accessExpiresAt } = arrival.result
      const { person, account } = admittance
      const session = { identityProvider: provider.id, issuer, subject, sid, person, authentication }
      const onward = await startSession(
        login,
        { ...session, accountId: account.id, tokens, accessExpiresAt },
        arrival.destination,
      )
      return { ...onward, setCookies: [...onward.setCookies, keepLastUsed(provider.id)] }
    }
  }
}

/** Gives a refusal that has none the way to another try. */
export async function withRetry<Result>(retry: string, attempt: () => Promise<Result>): Promise<Result> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof Refusal) || error.retry !== undefined) throw error
    const { code, message, cause, retryAfterSeconds, details } = error
    const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
    throw new Refusal(code, message, { cause, retry, details, ...wait })
  }
}
