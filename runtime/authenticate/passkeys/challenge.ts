import * as z from 'zod'

import { newOpaqueValue, digest } from '../../sessions/index.ts'
import type { AuthenticateContext } from '../context.ts'

const KIND = 'passkey-challenge'

/** How long somebody may take with their authenticator, in milliseconds. */
export const CHALLENGE_LIFETIME_MS = 5 * 60_000

/** What a challenge was made for; an answer to one counts for no other. */
export type ChallengePurpose = 'sign_in' | 'prove_account' | 'break_glass' | 'register'

const schema = z.strictObject({
  challenge: z.string(),
  brand: z.string(),
  purpose: z.string(),
  /** Whose passkey is wanted, or to whom one is to be added; empty where anybody's will do. */
  accountId: z.string(),
  bindingHash: z.string(),
  expiresAt: z.number(),
})

/** For whom and what a challenge is. */
export interface ChallengeFor {
  brand: string
  purpose: ChallengePurpose
  accountId?: string | undefined
  /** Of the browser that is asked. */
  bindingHash: string
}

/**
 * Makes a challenge (WebAuthn Level 3 §13.4.3). It travels through the page, sealed, so that whoever looks at a sign-in page
 * writes nothing into the store; that it was used is what the store remembers.
 * @returns the challenge in base64url, and what the form brings back
 */
export function newChallenge(
  { sealer }: Pick<AuthenticateContext, 'sealer'>,
  { brand, purpose, accountId = '', bindingHash }: ChallengeFor,
): { challenge: string; sealed: string } {
  const challenge = newOpaqueValue()
  const expiresAt = Date.now() + CHALLENGE_LIFETIME_MS
  const record = { challenge, brand, purpose, accountId, bindingHash, expiresAt } satisfies z.infer<typeof schema>
  return { challenge, sealed: sealer.seal(KIND, '', JSON.stringify(record)) }
}

/**
 * Uses a challenge up.
 * @param isBoundTo says whether the browser that answers is the one with a binding
 * @returns nothing when it is not ours, for something or somebody else, of another browser, too old, or used
 */
export async function useChallenge(
  { sealer, store }: Pick<AuthenticateContext, 'sealer' | 'store'>,
  sealed: string | null,
  { brand, purpose, accountId = '' }: Omit<ChallengeFor, 'bindingHash'>,
  isBoundTo: (bindingHash: string) => boolean,
): Promise<string | undefined> {
  const plain = sealed === null ? undefined : sealer.open(KIND, '', sealed)
  const made = plain === undefined ? undefined : schema.safeParse(JSON.parse(plain)).data
  if (made?.brand !== brand || made.purpose !== purpose || made.accountId !== accountId) return undefined
  if (Date.now() >= made.expiresAt || !isBoundTo(made.bindingHash)) return undefined
  const isFirst = await store.useOnce(`${KIND}:${digest(made.challenge)}`, made.expiresAt)
  return isFirst ? made.challenge : undefined
}
