import type { SignInResult } from '../providers/index.ts'
import type { Account, AccountChange, AccountWithCredentials, Identity, Person } from '../store/index.ts'
import type { Voucher } from './decide-sign-in.ts'
import { followProfile } from './profile.ts'

/** A sign-in at a provider, with what is known of the address that came along. */
export interface Arrival {
  brand: string
  identityProvider: string
  result: SignInResult
  verifiedBy: Voucher | undefined
  /** Milliseconds since 1970. */
  now: number
}

/** The account of somebody who has none yet. @param id as it is free */
export function accountFrom({ brand, result, verifiedBy, now }: Arrival, id: string): Account {
  return {
    id,
    brand,
    status: 'active',
    origin: 'sign_in',
    email: verifiedBy ? result.claimedEmail : '',
    profile: result.profile,
    ownFields: [],
    groups: [],
    passwordHash: undefined,
    passwordChangedAt: undefined,
    language: '',
    createdAt: now,
    lastSignInAt: now,
    version: 1,
  }
}

/** What is kept of the identity. `emailVerified` remembers a mail of ours alone: the provider's word is asked anew each time. */
export function identityFrom(
  { brand, identityProvider, result, verifiedBy, now }: Arrival,
  accountId: string,
): Identity {
  return {
    ...result.identity,
    accountId,
    brand,
    identityProvider,
    email: result.claimedEmail,
    emailVerified: verifiedBy === 'mail',
    linkedAt: now,
    lastUsedAt: now,
  }
}

/**
 * What a sign-in changes in the account that it leads to.
 * @param known the identity as it was, where it is not new to the account
 * @param isFree whether nobody else has the address
 */
export function changeBySignIn(
  { account, identities }: AccountWithCredentials,
  known: Identity | undefined,
  arrival: Arrival,
  isFree: boolean,
): AccountChange {
  const { result, verifiedBy, now } = arrival
  const others = identities.filter((identity) => identity !== known)
  const isOnlySource = account.origin === 'sign_in' && others.length === 0
  // What the stack file says of somebody is said there, at each start.
  const ownFields = account.origin === 'stack' ? [...account.ownFields, 'name' as const] : account.ownFields
  const profile = followProfile({ ...account, ownFields }, result.profile, isOnlySource)
  const follows = verifiedBy !== undefined && isFree && followsIdentity({ account, identities }, known)
  const identity = identityFrom(arrival, account.id)
  const { email, lastUsedAt } = identity
  // The provider's word today does not take back what a mail showed of the very same address.
  const isRemembered = known?.emailVerified === true && known.email === email
  return {
    set: { profile, lastSignInAt: now, ...(follows ? { email: result.claimedEmail } : {}) },
    ...(known
      ? {
          updateIdentity: {
            ...result.identity,
            email,
            emailVerified: identity.emailVerified || isRemembered,
            lastUsedAt,
          },
        }
      : { addIdentity: identity }),
  }
}

/**
 * Whether the account's address is this identity's to change: it was this identity's, or nobody else's. An address that the stack file
 * says is the stack file's.
 */
function followsIdentity(
  { account, identities }: Pick<AccountWithCredentials, 'account' | 'identities'>,
  known: Identity | undefined,
): boolean {
  if (account.origin === 'stack') return false
  if (account.email === '') return true
  if (!known) return false
  const isAlone = account.origin === 'sign_in' && identities.length === 1 && account.passwordHash === undefined
  return known.email === account.email || isAlone
}

/** The person that the session is of: who the account is, and all else by the identity that signed in. */
export function personAt(account: Account, { result, verifiedBy }: Pick<Arrival, 'result' | 'verifiedBy'>): Person {
  return {
    ...result.person,
    id: account.id,
    email: verifiedBy ? result.claimedEmail : '',
    ...(verifiedBy === 'mail' ? { emailByMail: true } : {}),
  }
}
