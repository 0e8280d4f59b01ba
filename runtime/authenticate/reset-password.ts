import { newPasswordPage, type PasswordProblem, resetRequestPage, resetSentPage } from '../pages/flows/index.ts'
import { lookOf, page } from '../pages/index.ts'
import { normalizeEmail } from '../providers/index.ts'
import { oneLine } from '../program/index.ts'
import { Refusal } from '../refusal.ts'
import type { AccountWithCredentials } from '../store/index.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { sendInvitation } from './invite.ts'
import { readOwnForm } from './own-form.ts'
import { RESET_PATH } from './show-offer.ts'
import { readSignInQuery, signInQuery } from './sign-in-query.ts'
import { single } from './single-value.ts'
import { passwordReset, STEP_LIFETIME_MS } from './steps/index.ts'
import { addressOf } from './who-asks.ts'

/** Where the link leads. */
export const NEW_PASSWORD_PATH = '/new-password'

/** The answer to what is wrong in a form of ours. */
const WRONG = 403

/** Asks for the address. @throws Refusal `not_found` where the brand has no passwords, or no mail is set up */
export function showResetRequest(login: LoginRequest): Response {
  requirePasswords(login)
  const { context, brand, request } = login
  const query = readSignInQuery(context, brand.id, request)
  const { look, setCookies } = lookOf(brand.config, request)
  const text = signInQuery(query)
  const content = resetRequestPage(look, { action: `${RESET_PATH}${text}`, signInHref: `/sign-in${text}` })
  return page(look, content, { formAction: ["'self'"], setCookies })
}

/**
 * Says that a mail is on its way if there is an account, and looks afterwards: neither the page nor its time tells.
 * @throws Refusal `origin_mismatch`, `not_found`, `rate_limited`
 */
export async function requestReset(login: LoginRequest): Promise<Response> {
  requirePasswords(login)
  const { context, brand, request, client } = login
  const form = await readOwnForm(login)
  const typed = (form.get('email') ?? '').trim().slice(0, 254)
  const email = normalizeEmail(typed)
  const { look } = lookOf(brand.config, request)
  if (email === undefined) {
    const options = { action: RESET_PATH, signInHref: '/sign-in', email: typed, problem: 'email' } as const
    return page(look, resetRequestPage(look, options), { status: WRONG, formAction: ["'self'"] })
  }
  await context.limits.mail({ kind: 'password_reset', client, brand: brand.id, to: email, accountId: undefined })
  // After the answer has left: with a store in this process nothing of it would wait.
  setImmediate(() => {
    void sendReset(login, email).catch((error: unknown) => {
      context.log.error({ error: oneLine(error) }, 'A password reset could not be prepared')
    })
  })
  return page(look, resetSentPage(look, { email }))
}

/** @throws Refusal `link_invalid`, `not_found` */
export async function showNewPassword(login: LoginRequest): Promise<Response> {
  requirePasswords(login)
  const { step } = await findReset(login, single(new URL(login.request.url).searchParams, 'ticket') ?? null)
  return askForPassword(login, { ticket: step.value, email: step.payload.email })
}

/**
 * Sets the new password, once; every session of the account ends.
 * @throws Refusal `origin_mismatch`, `link_invalid`, `not_found`, `busy`
 */
export async function setNewPassword(login: LoginRequest): Promise<Response> {
  requirePasswords(login)
  const { context, brand, request, client } = login
  const form = await readOwnForm(login)
  const [ticket, password] = [form.get('ticket'), form.get('password') ?? '']
  const { step, who } = await findReset(login, ticket)
  const { email } = step.payload
  // Judged before the link is used up: it may be chosen anew.
  const verdict = context.accounts.judgePassword(password, secretsOf(who))
  if (verdict !== 'good') return askForPassword(login, { ticket: step.value, email, problem: verdict })
  if (!(await passwordReset.take(context, brand.id, step.value, request))) throw over()
  const actor = { id: who.account.id, address: addressOf(client) }
  const outcome = await context.accounts.setPassword(brand.id, who.account.id, password, actor)
  if (outcome !== 'set') throw new Refusal('request_malformed', `the password is ${outcome}`, { retry: RESET_PATH })
  return goOn(login, { location: '/sign-in?done=password', setCookies: [] })
}

/** A link to an address that the account has no more shows nothing of who has it now. @throws Refusal `link_invalid` */
async function findReset({ context, brand, request }: LoginRequest, ticket: string | null) {
  const step = await passwordReset.find(context, brand.id, ticket, request)
  const who = step?.accountId === undefined ? undefined : await context.accounts.find(brand.id, step.accountId)
  if (!step || who?.account.email !== step.payload.email) throw over()
  return { step, who }
}

/** What somebody's password must not be made of. */
export function secretsOf({ account: { email, profile } }: AccountWithCredentials): string[] {
  return [email, profile.name, profile.username].filter((text) => text !== undefined && text !== '') as string[]
}

/** Only an account that has a password gets the link; one that nobody has come to yet is invited once more. */
async function sendReset({ context, brand, request }: LoginRequest, email: string): Promise<void> {
  const who = await context.accounts.findByEmail(brand.id, email)
  if (who?.account.status !== 'active') return
  const { account, identities, passkeys } = who
  if (account.passwordHash === undefined) {
    const isUntouched = identities.length === 0 && passkeys.length === 0
    if (isUntouched) await sendInvitation(context, account, undefined)
    return
  }
  const expiresAt = Date.now() + STEP_LIFETIME_MS.passwordReset
  const ticket = await passwordReset.keep(context, {
    brand: brand.id,
    payload: { email },
    accountId: account.id,
    expiresAt,
  })
  const link = `${brand.config.url}${NEW_PASSWORD_PATH}?${new URLSearchParams({ ticket }).toString()}`
  const language = account.language || lookOf(brand.config, request).look.language
  await context.mailer?.send({ to: email, brand: brand.id, language }, { kind: 'password_reset', link, expiresAt })
}

function askForPassword(
  { brand, request }: LoginRequest,
  options: { ticket: string; email: string; problem?: PasswordProblem },
): Response {
  const { look, setCookies } = lookOf(brand.config, request)
  const content = newPasswordPage(look, { action: NEW_PASSWORD_PATH, ...options })
  return page(look, content, { status: options.problem ? WRONG : 200, formAction: ["'self'"], setCookies })
}

/** Enforced single sign-on has no password to forget; that of an emergency is changed by who administers. */
function requirePasswords({ brand, context }: LoginRequest): void {
  if (brand.config.password !== 'on' || !context.mailer) throw new Refusal('not_found', 'no passwords are reset here')
}

function over(): Refusal {
  return new Refusal('link_invalid', 'the link of a mail is unknown, used or too old', { retry: RESET_PATH })
}
