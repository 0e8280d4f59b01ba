import { normalizeEmail } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import type { Destination } from './arrival.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { withRetry } from './let-in.ts'
import { offerFor, providerOfAddress } from './offer.ts'
import { authenticateByPasskey } from './offer-passkey.ts'
import { startOwnSession } from './own-session.ts'
import { readOwnForm } from './own-form.ts'
import { showOffer } from './show-offer.ts'
import { readSignInQuery, signInQuery, type SignInQuery } from './sign-in-query.ts'
import { addressOf, triedBy } from './who-asks.ts'

/** The answer to what is wrong in a form of ours. */
const WRONG = 403

/**
 * Takes the address that a sign-in begins with, and goes on by its domain alone: what follows is the same for whoever has an
 * account and whoever has none.
 * @throws Refusal `origin_mismatch`, `not_found` where the brand does not ask for one
 */
export async function takeAddress(login: LoginRequest): Promise<Response> {
  const { context, brand } = login
  const form = await readOwnForm(login)
  if (!brand.config.identityFirst) throw new Refusal('not_found', 'this brand does not ask for an address first')
  const query = readSignInQuery(context, brand.id, login.request)
  const typed = form.get('email') ?? ''
  const email = normalizeEmail(typed.trim())
  if (email === undefined)
    return showOffer(login, query, { problem: 'email', typed: typed.slice(0, 254), status: WRONG })
  const offer = offerFor(context.config, brand.config, query.request)
  const provider = providerOfAddress(context.config, offer, email)
  if (provider === undefined) return showOffer(login, query, { given: email })
  const location = `/sign-in/${provider}${signInQuery({ ...query, loginHint: email, holdsToHint: true })}`
  return goOn(login, { location, setCookies: [] })
}

/**
 * Signs somebody in by address and password. An unknown address and a wrong password are answered alike, in the same time.
 * @throws Refusal `origin_mismatch`; `not_found` where the brand, or the app, takes no passwords: nothing is looked at then;
 *   `rate_limited`, `busy`, `account_suspended`, `step_up_failed`
 */
export async function signInByPassword(login: LoginRequest): Promise<Response> {
  const { context, brand, client } = login
  const form = await readOwnForm(login)
  const query = readSignInQuery(context, brand.id, login.request)
  if (!offerFor(context.config, brand.config, query.request).password) {
    throw new Refusal('not_found', 'nobody signs in by a password here')
  }
  const typed = (form.get('email') ?? '').trim().slice(0, 254)
  const email = normalizeEmail(typed)
  return withRetry(`/sign-in${signInQuery(query)}`, async () => {
    const password = form.get('password') ?? ''
    const found = await context.accounts.checkPassword(brand, email ?? '', password, triedBy(client))
    if (!found) {
      const given = brand.config.identityFirst ? email : undefined
      return showOffer(login, query, { problem: 'credentials', typed, given, status: WRONG })
    }
    const account = await context.accounts.noteSignIn(brand.id, found.account.id, 'password', {
      address: addressOf(client),
    })
    return goOn(login, await startOwnSession(login, account, 'password', destinationOf(query)))
  })
}

/**
 * Signs somebody in by a passkey alone.
 * @throws Refusal `origin_mismatch`; `not_found` where the brand, or the app, takes none; `account_suspended`, `step_up_failed`
 */
export async function signInByPasskey(login: LoginRequest): Promise<Response> {
  const { context, brand, client } = login
  const form = await readOwnForm(login)
  const query = readSignInQuery(context, brand.id, login.request)
  if (!offerFor(context.config, brand.config, query.request).passkeys) {
    throw new Refusal('not_found', 'nobody signs in by a passkey here')
  }
  return withRetry(`/sign-in${signInQuery(query)}`, async () => {
    const found = await authenticateByPasskey(login, form, { purpose: 'sign_in' })
    if (!found) return showOffer(login, query, { problem: 'passkey', status: WRONG })
    const account = await context.accounts.noteSignIn(brand.id, found.account.id, 'passkey', {
      address: addressOf(client),
    })
    return goOn(login, await startOwnSession(login, account, 'passkey', destinationOf(query)))
  })
}

function destinationOf({ request, next }: SignInQuery): Destination {
  return { request, next }
}
