import { OWN_ACCOUNTS } from '../config.ts'
import type { NewSession } from '../sessions/index.ts'
import type { Account } from '../store/index.ts'
import type { AdminCandidate } from './administrators.ts'
import type { Destination } from './arrival.ts'
import type { LoginRequest } from './context.ts'
import { type Onward, requireAsWanted, startSession } from './start-session.ts'

/** Ways to show an account of the gateway's own (RFC 8176 §2). */
export type OwnMethod = 'password' | 'passkey' | 'password_and_passkey'

const AMR: Readonly<Record<OwnMethod, readonly string[]>> = {
  password: ['pwd'],
  // A passkey is something that one has, and the authenticator has seen who uses it.
  passkey: ['pop', 'mfa'],
  password_and_passkey: ['pwd', 'pop', 'mfa'],
}

/** What a session of an account would be, for rules to be asked before there is one. @throws Refusal `account_suspended` */
export function ownCandidate(
  { context }: Pick<LoginRequest, 'context'>,
  account: Account,
  method: OwnMethod,
): AdminCandidate {
  const authentication = { time: Date.now(), acr: undefined, amr: AMR[method] }
  const person = context.accounts.personOf(account)
  return { id: '', version: 0, person, identityProvider: OWN_ACCOUNTS, authentication }
}

/**
 * Begins a session of an account whose person has just shown a credential of it: no provider is behind it, so there are no
 * tokens and nobody to ask again.
 * @throws Refusal `account_suspended`, and `step_up_failed` where the app wants another kind of sign-in
 */
export async function startOwnSession(
  login: LoginRequest,
  account: Account,
  method: OwnMethod,
  destination: Destination,
): Promise<Onward> {
  const { context, brand } = login
  const session: Omit<NewSession, 'brand' | 'device'> = {
    identityProvider: OWN_ACCOUNTS,
    issuer: brand.config.url,
    subject: account.id,
    sid: undefined,
    person: context.accounts.personOf(account),
    authentication: { time: Date.now(), acr: undefined, amr: AMR[method] },
    accountId: account.id,
    tokens: undefined,
    accessExpiresAt: undefined,
  }
  requireAsWanted(context, session, destination)
  return startSession(login, session, destination)
}
