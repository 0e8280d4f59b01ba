import { beginConnect } from '../authenticate/index.ts'
import { markup, type Markup, plain } from '../pages/index.ts'
import { type ConnectedAccount, PROVIDER_FIELD } from './pages/connected.ts'
import { doneText } from './pages/frame.ts'
import { type PasswordState, securityPage } from './pages/security.ts'
import { personOf } from './profile.ts'
import { show } from './show.ts'
import { ownWays, type Visit } from './visit.ts'
import { accountWords } from './words/index.ts'

/** How long a connected account is called new, in milliseconds. */
const NEW_FOR_MS = 24 * 60 * 60_000

/** By what the person can sign in. */
export function showSecurity(visit: Visit): Response {
  const { context, look, who } = visit
  const may = ownWays(visit)
  const hasPasskeys = who.passkeys.length > 0
  return show(
    visit,
    securityPage(look, {
      person: personOf(visit),
      password: passwordState(visit),
      passkeys: may.passkeys || hasPasskeys ? { passkeys: who.passkeys, mayAdd: may.passkeys } : undefined,
      connected: { accounts: connectedAccounts(visit), others: otherProviders(visit) },
      mailed: context.mailer !== undefined && who.account.email !== '',
      done: whatWasDone(visit),
    }),
  )
}

/** Sends the person to a provider that they want to connect. @throws Refusal, see `beginConnect` */
export function connect(visit: Visit, form: URLSearchParams): Promise<Response> {
  return beginConnect(visit, visit.session, form.get(PROVIDER_FIELD) ?? '')
}

/** Providers that somebody could connect besides what works for them: one that has moved is offered anew. */
export function otherProviders({ context, brand, who }: Visit): { id: string; name: string }[] {
  const ways = context.accounts.waysIn(brand, who)
  return brand.config.identityProviders.flatMap((id) => {
    const config = context.config.identityProviders[id]
    const isConnected = ways.some(({ usable, identity }) => usable && identity?.identityProvider === id)
    return config?.enabled === true && !isConnected ? [{ id, name: config.name }] : []
  })
}

/** @param identityProvider id; one that the configuration has no more is called by that */
export function providerName({ context }: Pick<Visit, 'context'>, identityProvider: string): string {
  return context.config.identityProviders[identityProvider]?.name ?? identityProvider
}

function passwordState(visit: Visit): PasswordState | undefined {
  const { brand, who } = visit
  const { email, passwordHash, passwordChangedAt: changedAt } = who.account
  const isSet = passwordHash !== undefined
  if (ownWays(visit).password) return { isSet, changedAt, may: 'change' }
  if (brand.config.password === 'on' && email === '') return { isSet, changedAt, may: 'no_address' }
  return isSet ? { isSet, changedAt, may: 'off' } : undefined
}

function connectedAccounts(visit: Visit): ConnectedAccount[] {
  const { context, brand, who } = visit
  return context.accounts.waysIn(brand, who).flatMap(({ identity, usable }) => {
    if (!identity) return []
    const { linkedAt, identityProvider } = identity
    // The one that an account began with is as old as that.
    const isNew = linkedAt > who.account.createdAt && Date.now() - linkedAt < NEW_FOR_MS
    return [{ identity, provider: providerName(visit, identityProvider), usable, isNew }]
  })
}

function whatWasDone(visit: Visit): Markup | string | undefined {
  const words = accountWords(visit.look.language)
  const { searchParams } = new URL(visit.request.url)
  const connected = searchParams.get('connected')
  // Anybody can write an address: only what is so is said.
  const isSo = visit.who.identities.some(({ identityProvider }) => identityProvider === connected)
  if (connected !== null && isSo) return markup`${words.done.connected(plain(providerName(visit, connected)))}`
  return doneText(words, searchParams.get('done'))
}
