import type { AccountWithCredentials } from '../store/index.ts'
import { breakGlassPage, breakGlassPasskeyPage } from '../pages/flows/index.ts'
import { lookOf, page } from '../pages/index.ts'
import { normalizeEmail } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { mayAdminister } from './administrators.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { ACCOUNT_SECURITY_PATH } from './notices.ts'
import { authenticateByPasskey, offerPasskey } from './offer-passkey.ts'
import { readOwnForm } from './own-form.ts'
import { ownCandidate, startOwnSession } from './own-session.ts'
import { single } from './single-value.ts'
import { addressOf, triedBy } from './who-asks.ts'

/** No page names it. */
export const BREAK_GLASS_PATH = '/sign-in/break-glass'

/** The answer to what is wrong in a form of ours. */
const WRONG = 403

/** Administrators who are told of an emergency sign-in, at most: those of the stack file. */
const MAX_TOLD = 50

/** Asks for the password. @throws Refusal `not_found` where the brand has no emergency sign-in */
export function showBreakGlass(login: LoginRequest): Response {
  requireBreakGlass(login)
  return askForPassword(login, {})
}

/**
 * Takes the password of an administrator, and asks for a passkey too. Everybody else is answered as a wrong password is.
 * @throws Refusal `origin_mismatch`, `not_found`, `rate_limited`, `busy`
 */
export async function breakGlassByPassword(login: LoginRequest): Promise<Response> {
  requireBreakGlass(login)
  const { context, brand, request, client } = login
  const form = await readOwnForm(login)
  const email = (form.get('email') ?? '').trim().slice(0, 254)
  const password = form.get('password') ?? ''
  const who = await context.accounts.checkPassword(brand, normalizeEmail(email) ?? '', password, triedBy(client))
  if (!who || !isAdministrator(login, who) || who.passkeys.length === 0) {
    const reason = who ? 'the password is right, and the account is no administrator’s or has no passkey' : 'wrong'
    context.log.warn({ brand: brand.id, address: addressOf(client), reason }, 'An emergency sign-in was refused')
    return askForPassword(login, { email, problem: 'credentials' })
  }
  const { look } = lookOf(brand.config, request)
  const action = `${BREAK_GLASS_PATH}/passkey?${new URLSearchParams({ account: who.account.id }).toString()}`
  // The challenge is made for this account in this browser, and so says that the password was right.
  const { form: passkey, cookie } = await offerPasskey(login, { purpose: 'break_glass', action, account: who })
  return page(look, breakGlassPasskeyPage(look, { passkey }), { formAction: ["'self'"], setCookies: [cookie] })
}

/**
 * Takes the passkey, signs in, and tells: the log, the audit log, and the administrators by mail.
 * @throws Refusal `origin_mismatch`, `not_found`, `account_suspended`
 */
export async function breakGlassByPasskey(login: LoginRequest): Promise<Response> {
  requireBreakGlass(login)
  const { context, brand, request, client } = login
  const form = await readOwnForm(login)
  const accountId = single(new URL(request.url).searchParams, 'account') ?? ''
  const who = await authenticateByPasskey(login, form, { purpose: 'break_glass', accountId })
  if (!who || !isAdministrator(login, who)) return askForPassword(login, { problem: 'passkey' })
  const address = addressOf(client)
  const account = await context.accounts.noteSignIn(brand.id, who.account.id, 'break_glass', { address })
  const onward = await startOwnSession(login, account, 'password_and_passkey', {})
  context.log.warn(
    { alert: 'break_glass', brand: brand.id, account: account.id, address },
    'An emergency sign-in was used',
  )
  void tellAdministrators(login, account).catch((error: unknown) => {
    context.log.error({ cause: error instanceof Error ? error.message : '' }, 'Administrators could not be told')
  })
  return goOn(login, onward)
}

/** To their own addresses, as the stack file has them, and to whom the account is. */
async function tellAdministrators(login: LoginRequest, used: AccountWithCredentials['account']): Promise<void> {
  const { context, brand, client } = login
  const { mailer, accounts, config } = context
  if (!mailer) return
  const named = Object.values(config.accounts).filter((account) => account.brand === brand.id)
  const found = await Promise.all(
    named.slice(0, MAX_TOLD).map(({ email }) => accounts.findByEmail(brand.id, normalizeEmail(email) ?? '')),
  )
  const told = found.flatMap((who) =>
    who?.account.status === 'active' && isAdministrator(login, who) ? [who.account] : [],
  )
  const change = { what: 'break_glass_used' } as const
  const link = `${brand.config.url}${ACCOUNT_SECURITY_PATH}`
  const message = { kind: 'security_notice', change, at: Date.now(), address: addressOf(client), link } as const
  const envelopes = new Map(
    [...told, used].map(({ email, language }) => [email, { to: email, brand: brand.id, language }]),
  )
  for (const [email, envelope] of envelopes) if (email !== '') await mailer.send(envelope, message)
}

function isAdministrator(login: LoginRequest, { account }: AccountWithCredentials): boolean {
  return account.status === 'active' && mayAdminister(login, ownCandidate(login, account, 'password_and_passkey'))
}

function askForPassword(
  { brand, request }: LoginRequest,
  options: { email?: string; problem?: 'credentials' | 'passkey' },
): Response {
  const { look, setCookies } = lookOf(brand.config, request)
  const content = breakGlassPage(look, { action: BREAK_GLASS_PATH, ...options })
  return page(look, content, { status: options.problem ? WRONG : 200, formAction: ["'self'"], setCookies })
}

function requireBreakGlass({ brand }: LoginRequest): void {
  if (brand.config.password !== 'break_glass') throw new Refusal('not_found', 'this brand has no emergency sign-in')
}
