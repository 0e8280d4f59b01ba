import type { Verified } from '../accounts/index.ts'
import { type MailState, verifyAddressPage } from '../pages/flows/index.ts'
import { lookOf, page } from '../pages/index.ts'
import { Refusal } from '../refusal.ts'
import type { LoginRequest } from './context.ts'
import { goOn } from './go-on.ts'
import { letIn } from './let-in.ts'
import { readOwnForm } from './own-form.ts'
import { sendVerification, VERIFY_PATH, verifyHref } from './pending-address.ts'
import { providerAt } from './provider-at.ts'
import { redirect } from './redirect.ts'
import { retryQuery } from './retry-query.ts'
import { single } from './single-value.ts'
import type { Onward } from './start-session.ts'
import { confirmedAddress, pendingSignIn } from './steps/index.ts'

const MAIL_STATES: readonly string[] = ['sent', 'sent_again', 'failed', 'too_many', 'held_back'] satisfies MailState[]

/** In the address of what sends again, where no mail was sent yet. */
const UNSENT = 'unsent'
const MOST_MINUTES = 60

/**
 * Where somebody waits until their address is confirmed; it goes on once it is, wherever the link was opened.
 * @throws Refusal `link_invalid` when this browser has nothing waiting
 */
export async function showVerifyAddress(login: LoginRequest): Promise<Response> {
  const { context, brand, request } = login
  const { step, provider } = await waiting(login)
  const { payload, value } = step
  const emailByMail = await confirmedAddress(context, value)
  if (emailByMail !== undefined && request.method === 'GET') {
    const onward = await finish(login, { emailByMail })
    return redirect(onward.location, onward.setCookies)
  }
  const { look, setCookies } = lookOf(brand.config, request)
  const { searchParams } = new URL(request.url)
  const told = searchParams.get('mail') ?? ''
  const mail = MAIL_STATES.includes(told) ? (told as MailState) : 'sent'
  const isUnsent = mail === 'failed' || mail === 'held_back'
  const content = verifyAddressPage(look, {
    email: payload.email,
    provider: provider.config.name,
    mail,
    againInMinutes: minutesUntil(searchParams.get('until')),
    isTooEarly: searchParams.has('early'),
    continueHref: `${VERIFY_PATH}?${new URLSearchParams({ step: value, early: '1' }).toString()}`,
    againAction: stepHref('/again', value, isUnsent ? { [UNSENT]: '1' } : {}),
    withoutAction: payload.required ? undefined : stepHref('/without', value),
    startOverHref: `/sign-in${retryQuery(context, payload.arrival.destination, true)}`,
  })
  return page(look, content, { formAction: ["'self'"], setCookies })
}

/** Sends the mail once more, as often as limits allow. @throws Refusal `origin_mismatch`, `link_invalid` */
export async function sendAgain(login: LoginRequest): Promise<Response> {
  await readOwnForm(login)
  const { step, provider } = await waiting(login)
  const { arrival, email } = step.payload
  const unsent = new URL(login.request.url).searchParams.has(UNSENT)
  const note = await sendVerification(login, provider, arrival, { email, pending: step.value, unsent })
  return redirect(verifyHref(step.value, note.mail === 'sent' ? { mail: 'sent_again' } : note))
}

/**
 * Goes on without a confirmed address, where that may be.
 * @throws Refusal `origin_mismatch`, `link_invalid`, and `email_unverified` where it may not
 */
export async function goOnWithout(login: LoginRequest): Promise<Response> {
  await readOwnForm(login)
  const { step } = await waiting(login)
  if (step.payload.required)
    throw new Refusal('email_unverified', 'the address has to be confirmed', { retry: '/sign-in' })
  return goOn(login, await finish(login, { goesOnWithout: true }))
}

/** Looks at what this browser has waiting; its provider may have gone meanwhile. */
async function waiting({ context, brand, request }: LoginRequest) {
  const value = single(new URL(request.url).searchParams, 'step') ?? null
  const step = await pendingSignIn.find(context, brand.id, value, request)
  const provider = step && providerAt(context, brand, step.payload.arrival.identityProvider)
  if (!provider) throw over()
  return { step, provider }
}

/** Uses the pending sign-in up, and lets the person in by it. */
async function finish(login: LoginRequest, verified: Verified): Promise<Onward> {
  const { context, brand, request } = login
  const { step, provider } = await waiting(login)
  const taken = await pendingSignIn.take(context, brand.id, step.value, request)
  if (!taken) throw over()
  return letIn(login, provider, taken.payload.arrival, verified)
}

/** Whoever goes back or reloads is signed in by then, and goes on from there. */
function over(): Refusal {
  return new Refusal('link_invalid', 'no sign-in of this browser waits for a mail', { retry: '/sign-in' })
}

function stepHref(path: string, step: string, more: Readonly<Record<string, string>> = {}): string {
  return `${VERIFY_PATH}${path}?${new URLSearchParams({ step, ...more }).toString()}`
}

/** It stands in an address, where anybody may have changed it. */
function minutesUntil(time: string | null): number {
  const minutes = Math.ceil((Number(time) - Date.now()) / 60_000)
  return Math.min(Math.max(Number.isNaN(minutes) ? MOST_MINUTES : minutes, 1), MOST_MINUTES)
}
