import { z } from 'zod'

import type { Sealer } from '../keys/index.ts'
import { digest, setCookie, TRANSACTION_COOKIE_PREFIX } from '../sessions/index.ts'
import { handOverRequestSchema } from './hand-over-request.ts'

const KIND = 'sign-in'
const LIFETIME_SECONDS = 10 * 60
/** Together they must leave room in the 16 KiB that a request's headers may have. */
const MAX_COOKIE_BYTES = 8 * 1024

const schema = z.strictObject({
  brand: z.string(),
  identityProvider: z.string(),
  checks: z.strictObject({ clientId: z.string(), state: z.string(), nonce: z.string(), verifier: z.string() }),
  /** What the sign-in is for, where it is for an app. */
  request: handOverRequestSchema.optional(),
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
  transaction: Omit<Transaction, 'expiresAt'>,
  cookies: ReadonlyMap<string, string>,
): string[] {
  const name = cookieName(transaction.checks.state)
  const expiresAt = Date.now() + LIFETIME_SECONDS * 1_000
  const value = sealer.seal(KIND, name, JSON.stringify({ ...transaction, expiresAt }))
  return [setCookie(name, value, LIFETIME_SECONDS), ...surplus(sealer, cookies, MAX_COOKIE_BYTES - value.length)]
}

/**
 * Finds the transaction that a callback answers, by its `state`.
 * @returns the transaction and the Set-Cookie value that removes it; nothing when this browser did not begin it, with
 *   this provider and brand, in the last ten minutes
 */
export function findTransaction(
  sealer: Sealer,
  cookies: ReadonlyMap<string, string>,
  expected: { state: string; brand: string; identityProvider: string },
): { transaction: Transaction; removal: string } | undefined {
  const name = cookieName(expected.state)
  const transaction = open(sealer, name, cookies.get(name))
  if (!transaction || Date.now() >= transaction.expiresAt) return undefined
  if (transaction.checks.state !== expected.state || transaction.brand !== expected.brand) return undefined
  if (transaction.identityProvider !== expected.identityProvider) return undefined
  return { transaction, removal: setCookie(name, '', 0) }
}

function surplus(sealer: Sealer, cookies: ReadonlyMap<string, string>, room: number): string[] {
  let left = room
  return [...cookies]
    .filter(([name]) => name.startsWith(TRANSACTION_COOKIE_PREFIX))
    .map(([name, value]) => ({ name, size: value.length, expiresAt: open(sealer, name, value)?.expiresAt ?? 0 }))
    .toSorted((a, b) => b.expiresAt - a.expiresAt)
    .filter(({ size, expiresAt }) => {
      left -= size
      return left < 0 || Date.now() >= expiresAt
    })
    .map(({ name }) => setCookie(name, '', 0))
}

function open(sealer: Sealer, name: string, value: string | undefined): Transaction | undefined {
  const plain = value === undefined ? undefined : sealer.open(KIND, name, value)
  return plain === undefined ? undefined : schema.safeParse(JSON.parse(plain)).data
}

function cookieName(state: string): string {
  return TRANSACTION_COOKIE_PREFIX + digest(state).slice(0, 12)
}
