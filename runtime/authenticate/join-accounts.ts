import {
  JOIN,
  joinAccountsPage,
  joinCancelledPage,
  type JoinedAccounts,
  proveAccountPage,
} from '../pages/flows/index.ts'
import { lookOf, page } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies } from '../sessions/index.ts'
import { bindBrowser } from './binding.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { joinHref } from './pending-join.ts'
import { letIn } from './let-in.ts'
import { authenticateByPasskey, offerPasskey } from './offer-passkey.ts'
import { readOwnForm } from './own-form.ts'
import { findJoin, type FoundJoin, proveJoin } from './prove-join.ts'
import { redirect } from './redirect.ts'
import { retryQuery } from './retry-query.ts'
import { logoPath } from './show-offer.ts'
import { pendingJoin } from './steps/index.ts'
import { addressOf, triedBy } from './who-asks.ts'

/** The answer to what is wrong in a form of ours. */
const WRONG = 403

/**
 * Names what was signed in by and the existing account, and asks for a credential of that; once it was shown, asks whether to
 * join them.
 * @throws Refusal `link_invalid`
 */
export async function showJoin(login: LoginRequest): Promise<Response> {
  const found = await findJoin(login)
  if (found.step.payload.provenBy === undefined) return askForProof(login, found)
  const { look, setCookies } = lookOf(login.brand.config, login.request)
  const content = joinAccountsPage(look, { ...joinedAccounts(found), action: joinHref(found.step.value) })
  return page(look, content, { formAction: ["'self'"], setCookies })
}

/**
 * Joins, or leaves everything as it is; once.
 * @throws Refusal `origin_mismatch`, `link_invalid`; `identity_in_use` where somebody was faster; what `Accounts.link` throws
 */
export async function decideJoin(login: LoginRequest): Promise<Response> {
  const { context, brand, request, client } = login
  const form = await readOwnForm(login)
  const found = await findJoin(login)
  const decision = form.get(JOIN.field)
  if (decision !== JOIN.join && decision !== JOIN.cancel) throw new Refusal('request_malformed', 'no decision')
  if (decision === JOIN.join && found.step.payload.provenBy === undefined) {
    throw new Refusal('link_invalid', 'the account was not shown to be theirs', { retry: joinHref(found.step.value) })
  }
  const step = await pendingJoin.take(context, brand.id, found.step.value, request)
  if (!step) throw new Refusal('link_invalid', 'somebody was faster', { retry: '/sign-in' })
  const { arrival, existingId, emailByMail } = step.payload
  const retry = `/sign-in${retryQuery(context, arrival.destination, true)}`
  if (decision === JOIN.cancel) {
    const { look } = lookOf(brand.config, request)
    return page(look, joinCancelledPage(look, { signInHref: retry }))
  }
  const verified = emailByMail === undefined ? {} : { emailByMail }
  const actor = { id: existingId, address: addressOf(client) }
  const { outcome } = await context.accounts.link(brand, existingId, found.provider, arrival.result, actor, verified)
  if (outcome === 'in_use') throw new Refusal('identity_in_use', 'the identity is another account’s', { retry })
  return goOn(login, await letIn(login, found.provider, arrival, verified))
}

/** Takes the existing account's password. @throws Refusal `origin_mismatch`, `link_invalid`, `rate_limited`, `busy` */
export async function proveByPassword(login: LoginRequest): Promise<Response> {
  const { context, brand, client } = login
  const form = await readOwnForm(login)
  const found = await findJoin(login)
  const { account } = found.existing
  if (!isUsable(login, found, 'password')) throw new Refusal('not_found', 'nobody signs in by a password here')
  const password = form.get('password') ?? ''
  const right = await context.accounts.checkPassword(brand, account.email, password, triedBy(client))
  if (right?.account.id !== account.id) return askForProof(login, found, 'credentials')
  return redirect(joinHref(await proveJoin(login, found, 'password')))
}

/** Takes one of the existing account's passkeys. @throws Refusal `origin_mismatch`, `link_invalid` */
export async function proveByPasskey(login: LoginRequest): Promise<Response> {
  const form = await readOwnForm(login)
  const found = await findJoin(login)
  if (!isUsable(login, found, 'passkey')) throw new Refusal('not_found', 'nobody signs in by a passkey here')
  const accountId = found.existing.account.id
  const right = await authenticateByPasskey(login, form, { purpose: 'prove_account', accountId })
  if (!right) return askForProof(login, found, 'passkey')
  return redirect(joinHref(await proveJoin(login, found, 'passkey')))
}

async function askForProof(
  login: LoginRequest,
  found: FoundJoin,
  problem?: 'credentials' | 'passkey',
): Promise<Response> {
  const { context, brand, request } = login
  const { step, existing } = found
  const { value } = step
  const { look, setCookies } = lookOf(brand.config, request)
  const providers = context.accounts.waysIn(brand, existing).flatMap(({ kind, usable, identity }) => {
    const config = identity && context.config.identityProviders[identity.identityProvider]
    if (kind !== 'identity' || !usable || !config) return []
    const { identityProvider: id, email } = identity
    // What else the account signs in by is nobody's business who has not shown that it is theirs.
    const query = new URLSearchParams({ join: value, ...(email === step.payload.email ? { login_hint: email } : {}) })
    return [
      {
        buttonText: config.buttonText,
        href: `/sign-in/${id}?${query.toString()}`,
        logoHref: config.logo && logoPath(id),
      },
    ]
  })
  const passkey = isUsable(login, found, 'passkey')
    ? await offerPasskey(login, { purpose: 'prove_account', action: joinHref(value, '/passkey'), account: existing })
    : undefined
  const content = proveAccountPage(look, {
    ...joinedAccounts(found),
    providers: [...new Map(providers.map((provider) => [provider.href, provider])).values()],
    passwordAction: isUsable(login, found, 'password') ? joinHref(value, '/password') : undefined,
    passkey: passkey?.form,
    problem,
    cancelAction: joinHref(value),
  })
  const { cookie } = passkey ?? bindBrowser(readOwnCookies(request.headers.get('cookie')))
  return page(look, content, {
    status: problem ? WRONG : 200,
    formAction: ["'self'"],
    setCookies: [...setCookies, cookie],
  })
}

function isUsable({ context, brand }: LoginRequest, { existing }: FoundJoin, way: 'password' | 'passkey'): boolean {
  return context.accounts.waysIn(brand, existing).some(({ kind, usable }) => kind === way && usable)
}

function joinedAccounts({ step, existing, provider }: FoundJoin): JoinedAccounts {
  const { result } = step.payload.arrival
  return {
    signedInAs: result.claimedEmail || result.profile.username || result.person.name || result.identity.subject,
    provider: provider.config.name,
    email: step.payload.email,
    name: existing.account.profile.name ?? '',
  }
}
