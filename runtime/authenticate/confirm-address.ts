import { addressConfirmedPage, CONFIRM_ADDRESS, confirmAddressPage } from '../pages/flows/index.ts'
import { lookOf, page } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import { digest } from '../sessions/index.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { readOwnForm } from './own-form.ts'
import { CONFIRM_PATH, VERIFY_PATH } from './pending-address.ts'
import { single } from './single-value.ts'
import { emailVerification, noteConfirmed, pendingSignIn } from './steps/index.ts'

/**
 * What the link in a mail opens, on whatever device. Looking at it does nothing: mail servers open links too.
 * @throws Refusal `link_invalid`
 */
export async function showConfirmAddress({ context, brand, request }: LoginRequest): Promise<Response> {
  const ticket = single(new URL(request.url).searchParams, 'ticket') ?? null
  const step = await emailVerification.find(context, brand.id, ticket, request)
  if (!step) throw over()
  const { email, identityProvider, name } = step.payload
  const { look, setCookies } = lookOf(brand.config, request)
  const provider = context.config.identityProviders[identityProvider]?.name ?? identityProvider
  const content = confirmAddressPage(look, { email, provider, name, action: CONFIRM_PATH, ticket: step.value })
  return page(look, content, { formAction: ["'self'"], setCookies })
}

/**
 * Takes the answer, once. A yes counts for the sign-in that the mail was sent for, in the browser where that began, and for
 * nothing else; a no ends it.
 * @throws Refusal `origin_mismatch`, `link_invalid`
 */
export async function confirmAddress(login: LoginRequest): Promise<Response> {
  const { context, brand, request } = login
  const form = await readOwnForm(login)
  const decision = form.get(CONFIRM_ADDRESS.field)
  if (decision !== CONFIRM_ADDRESS.yes && decision !== CONFIRM_ADDRESS.no) {
    throw new Refusal('request_malformed', 'an answer without a decision')
  }
  const step = await emailVerification.take(context, brand.id, form.get('ticket'), request)
  if (!step) throw over()
  const { look } = lookOf(brand.config, request)
  const { pending, email, identityProvider } = step.payload
  if (decision === CONFIRM_ADDRESS.no) {
    await context.store.takeTicket('pending_sign_in', digest(pending), Date.now())
    context.log.warn(
      { brand: brand.id, identityProvider },
      'Somebody says that an address is not theirs, and the sign-in was ended',
    )
    return page(look, addressConfirmedPage(look, 'refused'))
  }
  await noteConfirmed(context, { brand: brand.id, pending, email, expiresAt: step.expiresAt })
  const isHere = await pendingSignIn.find(context, brand.id, pending, request)
  if (!isHere) return page(look, addressConfirmedPage(look, 'confirmed'))
  return goOn(login, {
    location: `${VERIFY_PATH}?${new URLSearchParams({ step: pending }).toString()}`,
    setCookies: [],
  })
}

function over(): Refusal {
  return new Refusal('link_invalid', 'the link of a mail is unknown, used or too old', { retry: '/sign-in' })
}
