import type { Admittance, Verified } from '../accounts/index.ts'
import { readOwnCookies } from '../sessions/index.ts'
import type { Arrival } from './arrival.ts'
import { bindBrowser } from './binding.ts'
import type { LoginRequest } from './context.ts'
import type { Onward } from './start-session.ts'
import { pendingJoin, STEP_LIFETIME_MS } from './steps/index.ts'

/** Where somebody shows that an existing account is theirs, and joins what they signed in by. */
export const JOIN_PATH = '/join-accounts'

/** Keeps a sign-in until the account that it is to be joined to has been shown to be the person's, in this browser alone. */
export async function awaitProof(
  { context, brand, request }: LoginRequest,
  arrival: Arrival,
  { existing, email }: Extract<Admittance, { outcome: 'confirm_link' }>,
  { emailByMail }: Verified,
): Promise<Onward> {
  const binding = bindBrowser(readOwnCookies(request.headers.get('cookie')))
  const value = await pendingJoin.keep(context, {
    brand: brand.id,
    payload: { arrival, existingId: existing.account.id, email, emailByMail },
    accountId: existing.account.id,
    bindingHash: binding.hash,
    expiresAt: Date.now() + STEP_LIFETIME_MS.pendingJoin,
  })
  return { location: joinHref(value), setCookies: [binding.cookie] }
}

/** @param step value of the pending step */
export function joinHref(step: string, path = ''): string {
  return `${JOIN_PATH}${path}?${new URLSearchParams({ step }).toString()}`
}
