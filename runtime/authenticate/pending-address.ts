import { lookOf } from '../pages/index.ts'
import type { MailState } from '../pages/flows/index.ts'
import type { Provider } from '../providers/index.ts'
import { Refusal } from '../refusal.ts'
import { readOwnCookies } from '../sessions/index.ts'
import type { Arrival } from './arrival.ts'
import { bindBrowser } from './binding.ts'
import type { LoginRequest } from './context.ts'
import type { Onward } from './start-session.ts'
import { emailVerification, pendingSignIn, STEP_LIFETIME_MS } from './steps/index.ts'

/** Where somebody waits for a mail, and where its link leads. */
export const VERIFY_PATH = '/verify-address'
export const CONFIRM_PATH = '/confirm-address'

/** Keeps a sign-in until its address is confirmed, in this browser alone, and sends the mail. */
export async function awaitAddress(
  login: LoginRequest,
  provider: Provider,
  arrival: Arrival,
  { email, required }: { email: string; required: boolean },
): Promise<Onward> {
  const { context, brand, request } = login
  const binding = bindBrowser(readOwnCookies(request.headers.get('cookie')))
  const value = await pendingSignIn.keep(context, {
    brand: brand.id,
    payload: { arrival, email, required },
    bindingHash: binding.hash,
    expiresAt: Date.now() + STEP_LIFETIME_MS.pendingSignIn,
  })
  const mail = await sendVerification(login, provider, arrival, { email, pending: value })
  return { location: verifyHref(value, mail), setCookies: [binding.cookie] }
}

/**
 * Sends a link for a pending sign-in; nothing is lost where that fails, and it can be asked for again.
 * @param pending its value
 */
export async function sendVerification(
  { context, brand, request, client }: LoginRequest,
  provider: Provider,
  { result }: Arrival,
  { email, pending }: { email: string; pending: string },
): Promise<Exclude<MailState, 'sent_again'>> {
  const { mailer, limits } = context
  if (!mailer) return 'failed'
  try {
    await limits.mail({ client, brand: brand.id, to: email, accountId: undefined })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'rate_limited') return 'too_many'
    throw error
  }
  const expiresAt = Date.now() + STEP_LIFETIME_MS.emailVerification
  const payload = { pending, email, identityProvider: provider.id, name: result.person.name }
  const ticket = await emailVerification.keep(context, { brand: brand.id, payload, expiresAt })
  const link = `${brand.config.url}${CONFIRM_PATH}?${new URLSearchParams({ ticket }).toString()}`
  const { language } = lookOf(brand.config, request).look
  const message = { kind: 'verify_email', link, provider: provider.config.name, expiresAt } as const
  return mailer.send({ to: email, brand: brand.id, language }, message)
}

/** @returns where the browser waits */
export function verifyHref(step: string, mail: MailState): string {
  return `${VERIFY_PATH}?${new URLSearchParams({ step, ...(mail === 'sent' ? {} : { mail }) }).toString()}`
}
