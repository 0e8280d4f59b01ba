import { alsoPasskeyPage, invitationPage, type PasswordProblem } from '../pages/flows/index.ts'
import { lookOf, page } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies } from '../sessions/index.ts'
import type { AccountWithCredentials } from '../store/index.ts'
import { mayAdminister } from './administrators.ts'
import type { Arrival } from './arrival.ts'
import { INVITATION_PARAMETER } from './begin-sign-in.ts'
import { bindBrowser } from './binding.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { INVITATION_PATH } from './invite.ts'
import { nameForPasskey, offerNewPasskey, readNewPasskey } from './offer-passkey.ts'
import { offerOf } from './offer.ts'
import { ownCandidate, startOwnSession } from './own-session.ts'
import { readOwnForm } from './own-form.ts'
import { joinHref } from './pending-join.ts'
import { secretsOf } from './reset-password.ts'
import { logoPath } from './show-offer.ts'
import { single } from './single-value.ts'
import type { Onward } from './start-session.ts'
import { type Asker, invitation, pendingJoin, STEP_LIFETIME_MS } from './steps/index.ts'
import { addressOf } from './who-asks.ts'

const PASSWORD_PATH = `${INVITATION_PATH}/password`
const PASSKEY_PATH = `${INVITATION_PATH}/passkey`

/** The answer to what is wrong in a form of ours. */
const WRONG = 403

type InvitationStep = NonNullable<Awaited<ReturnType<typeof invitation.find>>>

interface Invited {
  step: InvitationStep
  who: AccountWithCredentials
}

/** Lets somebody choose how to sign in from then on. Looking uses nothing up. @throws Refusal `link_invalid` */
export async function showInvitation(login: LoginRequest): Promise<Response> {
  const ticket = single(new URL(login.request.url).searchParams, 'ticket') ?? null
  return showChoice(login, await findInvited(login, ticket, login.request))
}

/**
 * Sets the first password, and signs in; where a password is for emergencies, a passkey has to follow.
 * @throws Refusal `origin_mismatch`, `link_invalid`, `not_found`, `busy`
 */
export async function acceptByPassword(login: LoginRequest): Promise<Response> {
  const { context, brand, request, client } = login
  const form = await readOwnForm(login)
  const invited = await findInvited(login, form.get('ticket'), request)
  const { who, step } = invited
  const { password: mayHave } = ownWays(login, who)
  if (!mayHave) throw new Refusal('not_found', 'nobody sets a password here')
  const password = form.get('password') ?? ''
  const verdict = context.accounts.judgePassword(password, secretsOf(who))
  if (verdict !== 'good') return showChoice(login, invited, verdict)
  await takeInvitation(login, step)
  const address = addressOf(client)
  const { id } = who.account
  const outcome = await context.accounts.setPassword(brand.id, id, password, { id, address })
  if (outcome !== 'set') throw new Refusal('request_malformed', `the password is ${outcome}`)
  if (brand.config.password === 'break_glass') return askForPasskey(login, who, step.payload.email)
  const account = await context.accounts.noteSignIn(brand.id, id, 'password', { address })
  return goOn(login, await startOwnSession(login, account, 'password', {}))
}

/** Adds the first passkey, and signs in where one is enough. @throws Refusal `origin_mismatch`, `link_invalid`, `not_found` */
export async function acceptByPasskey(login: LoginRequest): Promise<Response> {
  const { context, brand, request, client } = login
  const form = await readOwnForm(login)
  const ticket = form.get('ticket')
  const { step, who } = await findInvited(login, ticket, request, 'with_password')
  if (!ownWays(login, who).passkeys) throw new Refusal('not_found', 'nobody adds a passkey here')
  const { id, passwordHash } = who.account
  const made = await readNewPasskey(login, form, id)
  if (!made) {
    return passwordHash === undefined
      ? showChoice(login, { step, who }, 'passkey')
      : showPasskeyStep(login, who, step.value, 'passkey')
  }
  await takeInvitation(login, step)
  const address = addressOf(client)
  const added = await context.accounts.addPasskey(
    brand.id,
    id,
    { ...made, name: nameForPasskey(who.passkeys) },
    { id, address },
  )
  if (added !== 'added') throw new Refusal('credentials_invalid', `the passkey is ${added}`, { retry: '/sign-in' })
  // What is for emergencies is kept for those: each use of it is told.
  if (!brand.config.passkeys) return goOn(login, { location: '/sign-in', setCookies: [] })
  const account = await context.accounts.noteSignIn(brand.id, id, 'passkey', { address })
  return goOn(login, await startOwnSession(login, account, 'passkey', {}))
}

/**
 * Asks whether the identity that somebody signed in by is to be joined to the account that they were invited to. The link shows that
 * the account is theirs and the provider that the identity is; but whoever else has an invitation can send people on that way
 * without a word, so both are named first. The invitation is used up by then.
 * @throws Refusal `link_invalid`
 */
export async function acceptByProvider(login: LoginRequest, arrival: Arrival, ticket: string): Promise<Onward> {
  const { context, brand, request } = login
  const { step, who } = await findInvited(login, ticket, 'known_browser')
  if (!(await invitation.take(context, brand.id, step.value, 'known_browser'))) throw over()
  const { id, email } = who.account
  const binding = bindBrowser(readOwnCookies(request.headers.get('cookie')))
  const value = await pendingJoin.keep(context, {
    brand: brand.id,
    payload: { arrival, existingId: id, email, emailByMail: email, provenBy: 'invitation' },
    accountId: id,
    bindingHash: binding.hash,
    expiresAt: Date.now() + STEP_LIFETIME_MS.pendingJoin,
  })
  return { location: joinHref(value), setCookies: [binding.cookie] }
}

async function showChoice(
  login: LoginRequest,
  { step, who }: Invited,
  problem?: PasswordProblem | 'passkey',
): Promise<Response> {
  const { context, brand, request } = login
  const { look, setCookies } = lookOf(brand.config, request)
  const ways = ownWays(login, who)
  const passkey =
    ways.passkeys && brand.config.password !== 'break_glass'
      ? await offerNewPasskey(login, { account: who, action: PASSKEY_PATH })
      : undefined
  const { email } = step.payload
  const providers = offerOf(context.config, brand.config).identityProviders.flatMap((id) => {
    const config = context.config.identityProviders[id]
    if (!config) return []
    const query = new URLSearchParams({ [INVITATION_PARAMETER]: step.value, login_hint: email })
    return [
      {
        buttonText: config.buttonText,
        href: `/sign-in/${id}?${query.toString()}`,
        logoHref: config.logo && logoPath(id),
      },
    ]
  })
  const content = invitationPage(look, {
    email,
    ticket: step.value,
    passwordAction: ways.password ? PASSWORD_PATH : undefined,
    passkey: passkey?.form,
    providers,
    problem,
  })
  const cookies = [...setCookies, ...(passkey ? [passkey.cookie] : [])]
  return page(look, content, { status: problem ? WRONG : 200, formAction: ["'self'"], setCookies: cookies })
}

/** The invitation goes on under another value, since its own was used up. */
async function askForPasskey(login: LoginRequest, before: AccountWithCredentials, email: string): Promise<Response> {
  const { context, brand } = login
  const accountId = before.account.id
  const who = await context.accounts.find(brand.id, accountId)
  if (!who) throw over()
  const expiresAt = Date.now() + STEP_LIFETIME_MS.passwordReset
  const ticket = await invitation.keep(context, { brand: brand.id, payload: { email }, accountId, expiresAt })
  return showPasskeyStep(login, who, ticket)
}

async function showPasskeyStep(
  login: LoginRequest,
  account: AccountWithCredentials,
  ticket: string,
  problem?: 'passkey',
): Promise<Response> {
  const { brand, request } = login
  const { look } = lookOf(brand.config, request)
  const { form, cookie } = await offerNewPasskey(login, { account, action: PASSKEY_PATH })
  const content = alsoPasskeyPage(look, { passkey: form, ticket, laterHref: '/sign-in', problem })
  return page(look, content, { status: problem ? WRONG : 200, formAction: ["'self'"], setCookies: [cookie] })
}

/** Passwords and passkeys as the brand has them; for emergencies, those of administrators alone. */
function ownWays(login: LoginRequest, { account }: AccountWithCredentials): { password: boolean; passkeys: boolean } {
  const { password, passkeys } = login.brand.config
  const isForEmergencies =
    password === 'break_glass' && mayAdminister(login, ownCandidate(login, account, 'password_and_passkey'))
  return { password: password === 'on' || isForEmergencies, passkeys: passkeys || isForEmergencies }
}

/**
 * @param stage `with_password` where the account may have got its password in the step before
 * @throws Refusal `link_invalid` also where somebody has come to the account by now
 */
async function findInvited(
  { context, brand }: LoginRequest,
  ticket: string | null,
  asker: Asker,
  stage: 'untouched' | 'with_password' = 'untouched',
): Promise<Invited> {
  const step = await invitation.find(context, brand.id, ticket, asker)
  const who = step?.accountId === undefined ? undefined : await context.accounts.find(brand.id, step.accountId)
  if (!step || !who || who.account.status !== 'active') throw over()
  const hasPassword = who.account.passwordHash !== undefined && stage === 'untouched'
  if (hasPassword || who.identities.length > 0 || who.passkeys.length > 0) throw over()
  return { step, who }
}

async function takeInvitation({ context, brand, request }: LoginRequest, { value }: InvitationStep): Promise<void> {
  if (!(await invitation.take(context, brand.id, value, request))) throw over()
}

function over(): Refusal {
  return new Refusal('link_invalid', 'the invitation is unknown, used or too old', { retry: '/sign-in' })
}
