import * as z from 'zod'

import type { IdentityProviderConfig } from '../config.ts'
import type { Sealer } from '../keys/index.ts'
import { signInChecksSchema } from '../providers/index.ts'
import { digest, POSTED_TRANSACTION_COOKIE_PREFIX, setCookie, TRANSACTION_COOKIE_PREFIX } from '../sessions/index.ts'
import { handOverRequestSchema } from './hand-over-request.ts'

const LIFETIME_SECONDS = 10 * 60
/** Together they must leave room in the 16 KiB that a request's headers may have. */
const MAX_COOKIE_BYTES = 8 * 1024

/** How an answer comes back decides which cookie comes along; one kept for the one way cannot be used on the other. */
const CHANNELS = {
  query: { kind: 'sign-in', prefix: TRANSACTION_COOKIE_PREFIX, sameSite: 'Lax' },
  form_post: { kind: 'posted-sign-in', prefix: POSTED_TRANSACTION_COOKIE_PREFIX, sameSite: 'None' },
} as const

/** The way that an answer takes (OAuth 2.0 Form Post Response Mode). */
export type Channel = IdentityProviderConfig['responseMode']

/** What becomes of the person who comes back, where it is more than that they are signed in. */
const purposeSchema = z.discriminatedUnion('kind', [
  /** They show that an account is theirs, which another sign-in is to be joined to: value of the pending step. */
  z.strictObject({ kind: z.literal('prove_account'), step: z.string() }),
  /** They were invited, and want to sign in by this provider: value in the invitation's link. */
  z.strictObject({ kind: z.literal('accept_invitation'), ticket: z.string() }),
  /** They are signed in, and connect this provider to their account. */
  z.strictObject({ kind: z.literal('connect'), accountId: z.string(), sessionId: z.string() }),
])

/** What a sign-in at a provider is for. */
export type Purpose = z.infer<typeof purposeSchema>

const schema = z.strictObject({
  brand: z.string(),
  identityProvider: z.string(),
  checks: signInChecksSchema,
  /** What the sign-in is for, where it is for an app. */
  request: handOverRequestSchema.optional(),
  purpose: purposeSchema.optional(),
  /** Page of the login host to come back to. */
  next: z.string().optional(),
  /** A credential is to be shown now, whatever else the sign-in is for. */
  fresh: z.boolean().optional(),
  /** The address that the person typed here, in its one spelling. */
  expectedEmail: z.string().optional(),
  /** Id of the session that the browser had; a provider's POST does not bring its cookie along. */
  replaces: z.string().optional(),
  expiresAt: z.number(),
})

/** A sign-in under way at a provider, kept by the browser that began it (RFC 9700 §4.7). */
export type Transaction = z.infer<typeof schema>

/**
 * @param cookies our cookies that the browser sent
 * @returns Set-Cookie values: one that keeps the transaction, and removals of the oldest where they become too many
 */
export function keepTransaction(
  sealer: Sealer,
  channel: Channel,
  transaction: Omit<Transaction, 'expiresAt'>,
  cookies: ReadonlyMap<string, string>,
): string[] {
  const { kind, sameSite } = CHANNELS[channel]
  const name = cookieName(channel, transaction.checks.state)
  const expiresAt = Date.now() + LIFETIME_SECONDS * 1_000
  const value = sealer.seal(kind, name, JSON.stringify({ ...transaction, expiresAt }))
  const kept = setCookie(name, value, LIFETIME_SECONDS, sameSite)
  return [kept, ...surplus(sealer, cookies, MAX_COOKIE_BYTES - value.length)]
}

/**
 * Finds the transaction that a callback answers, by its `state`.
 * @returns the transaction and the Set-Cookie value that removes it; nothing when this browser did not begin it, with
 *   this provider and brand, in the last ten minutes
 */
export function findTransaction(
  sealer: Sealer,
  channel: Channel,
  cookies: ReadonlyMap<string, string>,
  expected: { state: string; brand: string; identityProvider: string },
): { transaction: Transaction; removal: string } | undefined {
  const name = cookieName(channel, expected.state)
  const transaction = open(sealer, channel, name, cookies.get(name))
  if (!transaction || Date.now() >= transaction.expiresAt) return undefined
  if (transaction.checks.state !== expected.state || transaction.brand !== expected.brand) return undefined
  if (transaction.identityProvider !== expected.identityProvider) return undefined
  return { transaction, removal: setCookie(name, '', 0, CHANNELS[channel].sameSite) }
}

function surplus(sealer: Sealer, cookies: ReadonlyMap<string, string>, room: number): string[] {
  let left = room
  return (['query', 'form_post'] as const)
    .flatMap((channel) =>
      [...cookies]
        .filter(([name]) => name.startsWith(CHANNELS[channel].prefix))
        .map(([name, value]) => ({
          name,
          size: value.length,
          sameSite: CHANNELS[channel].sameSite,
          expiresAt: open(sealer, channel, name, value)?.expiresAt ?? 0,
        })),
    )
    .toSorted((a, b) => b.expiresAt - a.expiresAt)
    .filter(({ size, expiresAt }) => {
      left -= size
      return left < 0 || Date.now() >= expiresAt
    })
    .map(({ name, sameSite }) => setCookie(name, '', 0, sameSite))
}

function open(sealer: Sealer, channel: Channel, name: string, value: string | undefined): Transaction | undefined {
  const plain = value === undefined ? undefined : sealer.open(CHANNELS[channel].kind, name, value)
  return plain === undefined ? undefined : schema.safeParse(JSON.parse(plain)).data
}

function cookieName(channel: Channel, state: string): string {
  return CHANNELS[channel].prefix + digest(state).slice(0, 12)
}
