import * as z from 'zod'

import type { BrandConfig } from '../config.ts'
import type { Sealer } from '../keys/index.ts'
import { lookOf, page, signedOutPage, type SignedOutPageOptions } from '../pages/index.ts'
import type { AuthenticateContext } from './context.ts'

const KIND = 'signed-out'
const LIFETIME_MS = 10 * 60_000

const schema = z.strictObject({
  brand: z.string(),
  identityProvider: z.string(),
  /** What became of the provider's own session; `asked` is believed once the provider sends the browser back. */
  atProvider: z.enum(['asked', 'not_offered', 'unreachable']),
  expiresAt: z.number(),
})

/** What a sign-out has ended; it travels as `state`, which providers bring back (RP-Initiated Logout 1.0 §2). */
export type SignOutNote = Omit<z.infer<typeof schema>, 'expiresAt'>

/** @returns the note as text for a URL; it is good for ten minutes */
export function sealSignOutNote(sealer: Sealer, note: SignOutNote): string {
  return sealer.seal(KIND, '', JSON.stringify({ ...note, expiresAt: Date.now() + LIFETIME_MS }))
}

/** Where everybody ends who signed out of everything: says what has ended, and what has not. */
export function showSignedOut(
  context: AuthenticateContext,
  brandId: string,
  brand: BrandConfig,
  request: Request,
): Response {
  const note = openNote(context.sealer, new URL(request.url).searchParams.get('state'), brandId)
  const { look, setCookies } = lookOf(brand, request)
  const content = signedOutPage(look, {
    ...(note ? whatEnded(note, brand, context.config.identityProviders[note.identityProvider]?.name) : { ended: [] }),
    signInHref: '/sign-in',
  })
  return page(look, content, { setCookies })
}

function whatEnded(
  { identityProvider, atProvider }: SignOutNote,
  brand: BrandConfig,
  name = identityProvider,
): Pick<SignedOutPageOptions, 'ended' | 'remaining'> {
  const here = { at: brand.name, everywhere: true }
  return atProvider === 'asked'
    ? { ended: [here, { at: name }] }
    : { ended: [here], remaining: [{ at: name, because: atProvider }] }
}

function openNote(sealer: Sealer, sealed: string | null, brand: string): SignOutNote | undefined {
  const plain = sealed === null ? undefined : sealer.open(KIND, '', sealed)
  const note = plain === undefined ? undefined : schema.safeParse(JSON.parse(plain)).data
  return note?.brand === brand && Date.now() < note.expiresAt ? note : undefined
}
