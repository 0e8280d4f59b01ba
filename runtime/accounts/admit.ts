import type { Provider, SignInResult } from '../providers/index.ts'
import { Refusal, type RefusalCode } from '../refusal.ts'
import { newOpaqueValue } from '../sessions/index.ts'
import type { Account, AccountChange, AccountWithCredentials, AuditEvent, Identity } from '../store/index.ts'
import { type AuditAction, auditEvent, SYSTEM } from './audit.ts'
import { changed, tooManyChanges } from './change-account.ts'
import type { Accounts, Actor, Admittance, AtBrand, Verified } from './contract.ts'
import { decideSignIn, type Voucher, voucherOf } from './decide-sign-in.ts'
import type { AccountsContext } from './deps.ts'
import { accountFrom, type Arrival, changeBySignIn, identityFrom, personAt } from './sign-in-change.ts'

/** So often it is decided anew when accounts changed meanwhile. */
const TRIES = 10

/** All that is known of somebody at the door. */
interface Known {
  identity: Identity | undefined
  account: AccountWithCredentials | undefined
  /** Whose address it is, where that is verified. */
  owner: AccountWithCredentials | undefined
  verifiedBy: Voucher | undefined
}

interface SignIn {
  brand: AtBrand
  provider: Provider
  result: SignInResult
  verified: Verified
  actor: Actor
}

/** Reads, decides (`decide-sign-in.ts`), and writes in one step; all over again where somebody was faster. */
export function createAdmit(context: AccountsContext): Accounts['admit'] {
  return async (brand, provider, result, verified, actor) => {
    const signIn = { brand, provider, result, verified, actor }
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await lookUp(context, signIn)
      // The id that is made of the identity may be taken: at another brand, or from before the identity was unlinked.
      const admitted = await admitKnown(context, signIn, known, tries === 0 ? result.person.id : newOpaqueValue())
      if (admitted) return admitted
    }
    throw tooManyChanges()
  }
}

async function lookUp({ store }: AccountsContext, { brand, result, verified }: SignIn): Promise<Known> {
  const account = await store.findAccountByIdentity(brand.id, result.identity)
  const { issuer, subject } = result.identity
  const identity = account?.identities.find((one) => one.issuer === issuer && one.subject === subject)
  const { claimedEmail } = result
  const verifiedBy = voucherOf({ claimedEmail, providerEmail: result.person.email }, verified, identity)
  const owner = verifiedBy ? await store.findAccountByEmail(brand.id, claimedEmail) : undefined
  return { identity, account, owner, verifiedBy }
}

/** @returns nothing when somebody else changed what was read */
async function admitKnown(
  context: AccountsContext,
  signIn: SignIn,
  known: Known,
  freeId: string,
): Promise<Admittance | undefined> {
  const { provider, result, verified } = signIn
  const { account, owner, verifiedBy } = known
  const { claimedEmail: email } = result
  const decided = decideSignIn({
    claimedEmail: email,
    verifiedBy,
    goesOnWithout: verified.goesOnWithout === true,
    provider: provider.config,
    canMail: context.config.mail !== undefined,
    known: account,
    owner,
  })
  switch (decided.decision) {
    case 'refuse':
      return refuse(context, signIn, decided.code, account ?? owner)
    case 'verify_email':
      return { outcome: 'verify_email', email, required: decided.required }
    case 'confirm_link':
      return owner && { outcome: 'confirm_link', existing: owner, email }
    case 'create':
      return create(context, signIn, arrivalOf(context, signIn, verifiedBy), freeId)
    case 'enter':
      return account && enter(context, signIn, known, account)
    case 'join':
      return owner && enter(context, signIn, known, owner)
  }
}

async function create(
  { store }: AccountsContext,
  { actor: { address } }: SignIn,
  arrival: Arrival,
  id: string,
): Promise<Admittance | undefined> {
  const account = accountFrom(arrival, id)
  const said = sayer(arrival, account.id, address)
  const events = [said('account.created'), said('identity.linked'), said('sign_in.succeeded')]
  if ((await store.insertAccount(account, identityFrom(arrival, id), events)) === 'taken') return undefined
  return { outcome: 'signed_in', account, person: personAt(account, arrival), created: true }
}

async function enter(
  context: AccountsContext,
  signIn: SignIn,
  { identity, owner, verifiedBy }: Known,
  who: AccountWithCredentials,
): Promise<Admittance | undefined> {
  const { actor } = signIn
  const arrival = arrivalOf(context, signIn, verifiedBy)
  const change = changeBySignIn(who, identity, arrival, owner === undefined)
  const { email } = change.set ?? {}
  const said = sayer(arrival, who.account.id, actor.address)
  const events = [
    ...(change.addIdentity ? [said('identity.linked')] : []),
    ...(email === undefined ? [] : [said('account.email_changed')]),
    said('sign_in.succeeded'),
  ]
  if ((await context.store.changeAccount(who.account, change, events)) !== 'changed') return undefined
  const account = changed(who.account, change)
  tell(context, signIn, who.account, change)
  return { outcome: 'signed_in', account, person: personAt(account, arrival), created: false }
}

function tell(
  { onSecurityChange }: AccountsContext,
  { provider, actor: { address } }: SignIn,
  before: Account,
  { addIdentity, set }: AccountChange,
): void {
  const actor = { id: before.id, address }
  if (addIdentity) onSecurityChange(before, { what: 'identity_linked', provider: provider.config.name }, actor)
  if (set?.email !== undefined && before.email !== '') onSecurityChange(before, { what: 'email_changed' }, actor)
}

/** @throws Refusal always */
async function refuse(
  { store, now }: AccountsContext,
  { brand, provider, actor: { address } }: SignIn,
  code: RefusalCode,
  who: AccountWithCredentials | undefined,
): Promise<never> {
  const happened = { brand: brand.id, account: who?.account.id, at: now() }
  const details = { provider: provider.id, code }
  await store.recordAudit([auditEvent('sign_in.refused', happened, { id: SYSTEM, address }, details)])
  throw new Refusal(code, `${provider.id} signed somebody in who may not pass: ${code}`)
}

function arrivalOf({ now }: AccountsContext, { brand, provider, result }: SignIn, verifiedBy: Voucher | undefined) {
  return { brand: brand.id, identityProvider: provider.id, result, verifiedBy, now: now() }
}

/** What somebody did to their own account by signing in. */
function sayer({ brand, identityProvider, now }: Arrival, account: string, address: string) {
  return (action: AuditAction): AuditEvent =>
    auditEvent(action, { brand, account, at: now }, { id: account, address }, { provider: identityProvider })
}
