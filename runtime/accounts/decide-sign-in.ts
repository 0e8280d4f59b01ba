import type { IdentityProviderConfig } from '../config.ts'
import { isInDomains } from '../providers/index.ts'
import type { RefusalCode } from '../refusal.ts'
import type { AccountWithCredentials, Identity } from '../store/index.ts'
import type { Verified } from './contract.ts'

/** By whose word an address is the person's own. */
export type Voucher = 'provider' | 'mail'

/** All that decides about somebody whom a provider has signed in. */
export interface SignInFacts {
  /** As the provider says it, in its one spelling; empty where it says none. */
  claimedEmail: string
  /** Undefined where nobody's word for it counts. */
  verifiedBy: Voucher | undefined
  goesOnWithout: boolean
  provider: Pick<IdentityProviderConfig, 'allowedDomains' | 'provisioning' | 'linking'>
  /** Whether mail is set up at all. */
  canMail: boolean
  /** Whose identity it is. */
  known: AccountWithCredentials | undefined
  /** Whose address it is, where that is verified: an address that is not is never looked for. */
  owner: AccountWithCredentials | undefined
}

/** `enter` is to the account that is known, `join` to the one whose address it is. */
export type SignInDecision =
  | { decision: 'enter' | 'join' | 'confirm_link' | 'create' }
  | { decision: 'verify_email'; required: boolean }
  | { decision: 'refuse'; code: RefusalCode }

/**
 * Decides who somebody is. An identity is known by issuer and subject alone; an address leads to an account only when it is verified, and
 * into one that somebody can sign in to already only when the person signs in to that one too.
 */
export function decideSignIn(facts: SignInFacts): SignInDecision {
  const { claimedEmail, provider, known, verifiedBy } = facts
  const isRestricted = provider.allowedDomains.length > 0
  if (isRestricted && (claimedEmail === '' || !isInDomains(claimedEmail, provider))) return refuse('email_refused')
  if (known) {
    if (known.account.status === 'suspended') return refuse('account_suspended')
    return verifiedBy || claimedEmail === '' ? { decision: 'enter' } : unverified(facts, isRestricted, 'enter')
  }
  const isByMatch = provider.provisioning === 'match-only'
  if (verifiedBy) return matched(facts)
  // Nobody can be found by an address that is not there, and no mail would change that.
  if (claimedEmail === '') return isByMatch ? refuse('not_provisioned') : { decision: 'create' }
  return unverified(facts, isRestricted || isByMatch, 'create')
}

/** Somebody new, whose address is theirs. */
function matched({ owner, provider }: SignInFacts): SignInDecision {
  if (!owner) return provider.provisioning === 'auto' ? { decision: 'create' } : refuse('not_provisioned')
  if (owner.account.status === 'suspended') return refuse('account_suspended')
  // The operator gave it that address, and nobody has come to it yet: there is nothing to prove and nobody to rob.
  if (isUntouched(owner)) return { decision: 'join' }
  return provider.linking === 'deny' ? refuse('account_exists') : { decision: 'confirm_link' }
}

/** @param required whether there is no going on without a verified address */
function unverified(
  { canMail, goesOnWithout }: SignInFacts,
  required: boolean,
  otherwise: 'enter' | 'create',
): SignInDecision {
  if (canMail && !(goesOnWithout && !required)) return { decision: 'verify_email', required }
  return required ? refuse('email_unverified') : { decision: otherwise }
}

/** Whether an account was made for somebody who has not come yet. */
export function isUntouched({ account, identities, passkeys }: AccountWithCredentials): boolean {
  return (
    account.origin !== 'sign_in' &&
    account.lastSignInAt === undefined &&
    account.passwordHash === undefined &&
    identities.length === 0 &&
    passkeys.length === 0
  )
}

/**
 * Whose word for the claimed address counts. What a provider said of it before says nothing by now; what a mail of ours showed holds for that
 * very address, as long as the identity has it.
 * @param providerEmail the address that the provider's word counts for; empty where it does not
 */
export function voucherOf(
  { claimedEmail, providerEmail }: { claimedEmail: string; providerEmail: string },
  { emailByMail }: Verified,
  identity: Pick<Identity, 'email' | 'emailVerified'> | undefined,
): Voucher | undefined {
  if (claimedEmail === '') return undefined
  if (providerEmail === claimedEmail) return 'provider'
  const isRemembered = identity?.emailVerified === true && identity.email === claimedEmail
  return emailByMail === claimedEmail || isRemembered ? 'mail' : undefined
}

function refuse(code: RefusalCode): SignInDecision {
  return { decision: 'refuse', code }
}
