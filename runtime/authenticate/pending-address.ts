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
  const mail = await sendVerification(login, provider, arrival, { email, pending: value, unsent: true })
  return { location: verifyHref(value, mail), setCookies: [binding.cookie] }
}

/** What became of a mail, and until when (milliseconds since 1970) none may be sent where there were too many. */
export type MailNote = { mail: Exclude<MailState, 'held_back'> } | { mail: 'held_back'; until: number }

/**
 * Sends a link for a pending sign-in; nothing is lost where that fails, and it can be asked for again.
 * @param step the value of the sign-in, and whether none was sent for it before: then nothing is there that somebody could look for
 */
export async function sendVerification(
  { context, brand, request, client }: LoginRequest,
  provider: Provider,
  { result }: Arrival,
  { email, pending, unsent }: { email: string; pending: string; unsent: boolean },
): Promise<MailNote> {
  const { mailer, limits } = context
  if (!mailer) return { mail: 'failed' }
  try {
    const { identity } = result
    await limits.mail({ kind: 'verify_email', client, brand: brand.id, to: email, accountId: undefined, identity })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'rate_limited') throw error
    if (!unsent) return { mail: 'too_many' }
    return { mail: 'held_back', until: Date.now() + (error.retryAfterSeconds ?? 0) * 1_000 }
  }
  const expiresAt = Date.now() + STEP_LIFETIME_MS.emailVerification
  const payload = { pending, email, identityProvider: provider.id, name: result.person.name }
  const ticket = await emailVerification.keep(context, { brand: brand.id, payload, expiresAt })
  const link = `${brand.config.url}${CONFIRM_PATH}?${new URLSearchParams({ ticket }).toString()}`
  const { language } = lookOf(brand.config, request).look
  const message = { kind: 'verify_email', link, provider: provider.config.name, expiresAt } as const
  return { mail: await mailer.send({ to: email, brand: brand.id, language }, message) }
}

/** @returns where the browser waits */
export function verifyHref(step: string, note: MailNote): string {
  const query = new URLSearchParams({ step })
  if (note.mail !== 'sent') query.set('mail', note.mail)
  if (note.mail === 'held_back') query.set('until', String(note.until))
  return `${VERIFY_PATH}?${query.toString()}`
}
